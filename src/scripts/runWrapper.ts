/**
 * Stands over one run on its machine, in a session of its own: POSIX sh, for dash, busybox and bash alike. It outlives
 * the connection that started it, keeps what the run says, writes down how it ended, and leaves word for the guard.
 *
 * Hazards that shaped it: a program that writes to a full disk itself would die of it, so `tee` writes for it and goes
 * on reading when the disk takes nothing more; a log without end would fill the disk, so it is cut at a gibibyte, and
 * the program is not; the end must be written down on that same full disk, so some of it is held back until then.
 */
import { lifeFunctions } from './runPlaces.ts';

/** In blocks of 512 bytes. */
const mostLogBlocks = 2_097_152;
/** Between asking it to end and ending it, seconds. */
const graceSeconds = 10;

export const runWrapper = `exec 2>/dev/null
cd "$1" || exit
g=../..
umask 077
trap '' HUP
${lifeFunctions}
child=
end_it() {
  put stopped 1
  [ "$child" ] || return
  kill -TERM "-$child" || kill -TERM "$child"
  { sleep ${graceSeconds}; kill -KILL "-$child" || kill -KILL "$child"; } &
}
trap end_it TERM
# Taken back before this run can be seen, and again after: one that ends just now looks only at what it sees.
: >"$g/jobs/$$"
rm -f "$g/then"
put pid "$$ $(birth $$)"
rm -f "$g/then"
head -c 65536 /dev/zero >.spare
out=log writer=
if command -v tee >/dev/null && mkfifo .out; then
  (trap '' XFSZ; ulimit -f ${mostLogBlocks}; exec tee -a log <.out >/dev/null) &
  writer=$! out=.out
fi
alone=$(command -v setsid)
[ -e stopped ] || {
  $alone sh ./program "$PWD" </dev/null >>$out 2>&1 &
  child=$!
  put child "$child $(birth "$child")"
}
[ ! -e stopped ] || end_it
code=143
[ -z "$child" ] || while
  wait "$child"
  code=$?
  [ $code -gt 128 ] && kill -0 "$child"
do :; done
# Whatever the run left behind may hold its output open for ever.
if [ "$writer" ]; then
  { sleep 3; kill "$writer"; } &
  late=$!
  wait "$writer"
  kill "$late"
fi
rm -f .spare .out
put ended "$(date +%s)"
put exit "$code"
rm -f "$g/jobs/$$"
# The last of several runs to end decides. Each writes its end before it looks, and looks again after it wrote.
others() {
  for o in ../*/; do ! is_live "$o" || return 0; done
  return 1
}
read -r what <then
case $what in stop | destroy)
  others || {
    (cd "$g" && put then "$what")
    ! others || rm -f "$g/then"
  } ;;
esac
`;
