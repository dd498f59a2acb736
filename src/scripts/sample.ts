/**
 * One long-lived program that tells what a machine is doing, once for each line it is sent: it costs nothing while
 * nobody asks, cannot fall behind, and ends when its input does. It is fed to `sh` on standard input; whoever sends it
 * waits for the greeting before sending a line, because some shells read ahead.
 *
 * A sample is about a kilobyte: the guard on the machine takes much traffic for use.
 */
import { shellQuote } from './shellQuote.ts';

const mark = 'gpu-rental:';
export const greeting = `${mark}ready`;
export const sampleEnd = `${mark}end`;

/** The fields stand in this order below; names come last, as they may contain commas. */
const gpuFields = 'index,uuid,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,power.limit,name';
const programFields = 'gpu_uuid,pid,used_memory,process_name';

/** Of programs as many as a table shows, and a bound on what a sample weighs. */
const mostPrograms = 32;

/** A broken driver makes nvidia-smi hang instead of fail, and a broken mount df: either is ended, and that is said. */
const patienceSeconds = 5;

export const sampleProgram = (folders: readonly string[]): string => `{
LC_ALL=C; export LC_ALL
folder=\${HOME:-/}
for candidate in ${folders.map(shellQuote).join(' ')}; do
  if [ -d "$candidate" ] && [ -w "$candidate" ]; then folder=$candidate; break; fi
done
limit=$(command -v timeout >/dev/null 2>&1 && echo 'timeout ${patienceSeconds}')
smi() {
  $limit nvidia-smi "$1" --format=csv,noheader,nounits </dev/null 2>/dev/null
}
first() { [ -r "$2" ] && read -r line <"$2" && printf '${mark}%s %s\\n' "$1" "$line"; }
field() { [ -r "$3" ] && while read -r name value _; do [ "$name" = "$2" ] && printf '${mark}%s %s\\n' "$1" "$value"; done <"$3"; }
printf '\\n${greeting}\\n'
while read -r _; do
  if command -v nvidia-smi >/dev/null 2>&1; then
    gpus=$(smi --query-gpu=${gpuFields}); code=$?
    printf '${mark}smi %s\\n' "$code"
    if [ "$code" = 0 ]; then
      printf '%s\\n' "$gpus" | sed 's/^/${mark}gpu /'
      smi --query-compute-apps=${programFields} | sed -e 's/^/${mark}app /' -e ${mostPrograms}q | cut -c 1-160
    fi
  else
    printf '${mark}smi absent\\n'
  fi
  first stat /proc/stat
  first uptime /proc/uptime
  printf '${mark}cores %s\\n' "$(grep -c '^processor' /proc/cpuinfo 2>/dev/null)"
  field memTotal MemTotal: /proc/meminfo
  field memAvailable MemAvailable: /proc/meminfo
  # A container's own share: first as version 2 of control groups tells it, then as version 1 does.
  first cpuMax /sys/fs/cgroup/cpu.max
  field cpuUsec usage_usec /sys/fs/cgroup/cpu.stat
  first memMax /sys/fs/cgroup/memory.max
  first memUsed /sys/fs/cgroup/memory.current
  field memCache inactive_file /sys/fs/cgroup/memory.stat
  first cpuQuota /sys/fs/cgroup/cpu/cpu.cfs_quota_us
  first cpuPeriod /sys/fs/cgroup/cpu/cpu.cfs_period_us
  first cpuNsec /sys/fs/cgroup/cpuacct/cpuacct.usage
  first memMax /sys/fs/cgroup/memory/memory.limit_in_bytes
  first memUsed /sys/fs/cgroup/memory/memory.usage_in_bytes
  field memCache total_inactive_file /sys/fs/cgroup/memory/memory.stat
  $limit df -Pk "$folder" 2>/dev/null </dev/null | sed -n '2s/^/${mark}df /p'
  printf '${sampleEnd}\\n'
done
exit 0
}
`;
