import { play } from './simulation.ts';
import { makeSchedule } from './schedule.ts';
const [from=1, count=1, verbose] = process.argv.slice(2).map(Number);
const t0=process.hrtime.bigint();
let steps=0; let bad=0; const seen: Record<string,number>={}; const ends: Record<string,number>={};
for (let s=from; s<from+count; s++) {
  const sch = makeSchedule(s);
  const r = await play(sch, { folder: '/dev/shm/chaos-dev', ...(verbose ? { tell: (l: string) => console.log(l) } : {}) });
  for (const o of r.outcomes) seen[o]=(seen[o]??0)+1;
  steps+=r.steps;
  if (r.verdict.violations.length) { bad++; console.log(s, sch.ending, r.fingerprint, r.steps, r.verdict.violations.map(v=>v.kind+': '+v.detail)); for (const v of r.verdict.violations) ends[v.kind]=(ends[v.kind]??0)+1; }
}
console.log(Object.entries(seen).sort((a,b)=>b[1]-a[1]).map(([k,v])=>`${v} ${k}`).join('; '));console.log(bad, ends, Number(process.hrtime.bigint()-t0)/1e6/count, 'ms each', process.cpuUsage().user/1e3/count, 'cpu', steps/count,'steps');
