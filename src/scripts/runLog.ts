/** Reads a run's log on from a byte, so that whoever lost the line goes on where it was. */
import type { RunId } from '../domain/run.ts';
import { within } from './runPlaces.ts';

export interface LogOrder {
  readonly id: RunId;
  readonly offset: number;
  readonly mostBytes: number;
  /** How long to wait there for something new, seconds. */
  readonly waitSeconds: number;
}

export interface LogPart {
  /** As base64 carries it. */
  readonly base64: string;
  /** All there is so far. */
  readonly size: number;
  readonly exitCode?: number;
  /** Nobody will write on. */
  readonly over: boolean;
}

const mark = 'gpu-rental-log 1';

/** How it ended is read before how much there is: once it has ended, that is all. */
export const readLogFrom = ({ id, offset, mostBytes, waitSeconds }: LogOrder): string => within(id, `cd "$d" || exit
i=0
while
  code='' live=
  read -r code <./exit
  ! is_live . || live=1
  size=$(wc -c <log)
  size=$((size + 0))
  [ "$live" ] && [ $size -le ${offset} ] && [ $i -lt ${waitSeconds} ]
do
  i=$((i + 1))
  sleep 1
done
echo "${mark} $size \${code:--} \${live:-0}"
tail -c +$((${offset} + 1)) log | head -c ${mostBytes} | base64`);

/** Undefined where there is no such run, or no answer of ours. */
export function readLogPart(printed: string): LogPart | undefined {
  const [head = '', size, code = '', live] = new RegExp(`^${mark} (\\d{1,15}) (-|\\d{1,3}) ([01])$`, 'm').exec(printed) ?? [];
  if (size === undefined) return undefined;
  const base64 = printed.slice(printed.indexOf(head) + head.length).replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  return { base64, size: Number(size), over: live === '0', ...(code === '-' ? {} : { exitCode: Number(code) }) };
}
