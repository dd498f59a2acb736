#!/bin/sh
# The guard on a rented machine: ends it when its terms are over and nobody else does. POSIX sh, for dash, busybox
# and bash alike. It travels packed inside the create call: pack.ts strips comments and indentation, drops lines
# whose last comment names another provider or scheme, and shortens every name of ours that has an underscore.
#
#   guard [start] LABEL RATE OFF BUDGET USE DEADLINE IDLE ACTION HOST
#
# micro-dollars an hour while it runs and while it does not, micro-dollars, seconds, an epoch; nothing secret. Its folder
# is ~/.gpu-rental:
#   lease     written by the editor (renewal.ts), whole or not at all
#   status    one line, written at every tick (status.ts)
#   jobs/PID  whoever starts a long run puts an empty file here: it is use for as long as PID lives
#   then      `stop` or `destroy`, put here by a run that has ended (scripts/run): taken away in the grace, nothing ends
#   pre-stop  when executable, runs before the end, two minutes at most
#   kept      counters and limits, as old as the last tick; on RunPod also below /workspace, which outlives a stop
#
# Hazards that shaped it: dash exits when a redirection of a special builtin (: . exec) fails, and at $((09));
# nvidia-smi, terminals and network volumes can hang for ever, so they are only touched in the background; a full
# disk must not end it, so nothing it needs is read back from a file.
#
# What is not quoted is a number or a plain word, and packs smaller.
# shellcheck disable=SC1010,SC2013,SC2015,SC2030,SC2031,SC2086,SC2194

exec 2>/dev/null
umask 077
trap '' PIPE HUP
mkdir -p "${HOME:=/root}/.gpu-rental"
# Where it cannot be, nothing of it may lie about: nobody can write there.
cd "$HOME/.gpu-rental" || cd /proc || exit
# The root of the file system as this machine's user sees it.
root_d=
case $HOME in */root) root_d=${HOME%/root} ;; esac

# --- what is kept
put_line() { echo "$2" >.t && mv -f .t $1; }

# Empty where nothing can be read.
read_line() {
  l=
  read -r l <"$1"
}

# Whole numbers of at most twelve digits that no shell takes for octal.
are_nums() {
  for x; do
    case $x in '' | *[!0-9]* | 0?* | ?????????????*) return 1 ;; esac
  done
}

# Fifteen numbers, ones at both ends: what outlives the container, then what does not. The copy that saw more is right.
take_kept() {
  f=$(stat -c %Y $1)
  read_line $1
  set -- $l
  [ $#$1${15} = 1511 ] && are_nums "$@" && [ "$2" -ge "$used_s" ] || return
  used_s=$2 alone_s=$3 was_claimed=$4 cap_s=$5 cap_usd=$6 cap_at=$7 grace_s=$8 off_s=$((wall_s - ${f:-wall_s}))
  # After the guard itself died the same life of the container goes on, and what was missed counts.
  [ -e same ] && [ "$9" -le "$now_s" ] || return
  off_s=0 last_s=$9 is_leased=${10} lease_s=${11} hold_s=${12} idle_s=${13} blind_s=${14}
  read_line lease
  old_lease=$l
}

keep_all() {
  l="1 $used_s $alone_s $was_claimed $cap_s $cap_usd $cap_at $grace_s $last_s $is_leased $lease_s $hold_s $idle_s $blind_s 1"
  put_line kept "$l"
  [ -e .k ] || { echo >.k; echo "$l" >"$keep_d/.t" && mv -f "$keep_d/.t" "$keep_d/kept"; rm -f .k; } & #runpod
  put_line status "gpu-rental-guard 1 label=$label_s phase=$its_phase reason=${why_now:--} armed=$is_armed at=$now_s used=$used_s spent=$spent_usd idle=$idle_s grace=$grace_s gpu=${gpu_pct:--} ssh=$ssh_n tries=$try_n"
}

# --- what it says
tell_log() {
  echo "gpu-rental-$*"
  # Vast keeps what onstart prints to itself; the log that its API shows is that of the first process.
  [ -e /.launch ] && echo "gpu-rental-$*" >/proc/1/fd/1 #vast
}

# As soon as sshd has them: the editor pins what stands in the provider's log.
tell_keys() {
  for f in "$root_d"/etc/ssh/*_key.pub; do
    read -r l <"$f" || continue
    case $told_keys in *"$l"*) ;; *)
      told_keys=$told_keys$l
      tell_log "hostkey $label_s $l" ;;
    esac
  done
}

tell_ttys() {
  for f in "$root_d"/dev/pts/[0-9]*; do
    printf '\r\n*** gpu-rental-guard: %s\r\n' "$1" >"$f" &
  done
}

# --- what it sees
read_clock() {
  read -r now_s x </proc/uptime || now_s=$(date +%s)
  now_s=${now_s%%.*} wall_s=$(date +%s)
}

# The busiest GPU in percent, a tick old; empty while nobody can tell. One that hangs is asked anew after an hour.
see_gpu() {
  gpu_pct=
  if [ -e .gpu ]; then
    while read -r x; do are_nums "$x" && [ "$x" -gt "${gpu_pct:--1}" ] && gpu_pct=$x; done <.gpu
    rm -f .gpu
    gpu_wait=0
  fi
  [ $gpu_wait -gt 0 ] || { nvidia-smi --query-gpu=utilization.gpu --format=csv,noheader,nounits >.g; mv -f .g .gpu; } &
  gpu_wait=$(((gpu_wait + 1) % 240))
}

# When terminals were last typed into; and connections to sshd, told and never counted as use.
see_ttys() {
  typed_at=$(stat -c %X "$root_d"/dev/pts/[0-9]*)
  ssh_n=$(cat "$root_d"/proc/net/tcp* | grep -c ':0016 [0-9A-F]*:[0-9A-F]* 01 ')
}

# A connection that stood a tick ago carried over 4 KB/s, all of which sshd writes once. A new one proves nothing:
# sshd writes more than that while it starts.
see_traffic() {
  is_moving='' l=
  for f in $(grep -l ^sshd "$root_d"/proc/[0-9]*/comm); do
    b=$(grep wchar ${f%comm}io) || continue
    b=${b#* }
    case "$old_bytes " in *" $f:"*)
      x=${old_bytes#*" $f:"}
      x=${x%% *}
      [ $((look_s && b - x >= look_s * 4096)) = 1 ] && is_moving=1 ;;
    esac
    l="$l $f:$b"
  done
  old_bytes=$l
}

see_jobs() {
  is_working=
  for f in jobs/[0-9]*; do
    kill -0 "${f##*/}" && is_working=1 || rm -f "$f"
  done
}

is_hooked() { [ -e .h ]; }

start_hook() {
  rm -f .h
  { ./pre-stop; sync; echo >.h; } >/dev/null &
}

# --- what it decides: model.ts says the same in TypeScript
hear_lease() {
  is_active=
  read_line lease
  [ "$l" ] && [ "$l" != "$old_lease" ] || return
  old_lease=$l
  set -- $l
  [ $#$1$9 = 911 ] && are_nums "$@" || return
  [ "$4" = 1 ] && is_active=1
  lease_s=$(($3 < 900 ? $3 : 900))
  [ $lease_s -gt 0 ] && is_leased=1 was_claimed=1 alone_s=0
  [ "$5" -gt 0 ] && cap_usd=$5
  [ "$6" -gt 0 ] && cap_s=$6
  [ "$7" -gt 0 ] && cap_at=$7
  [ "$8" -gt 0 ] && hold_s=$8
}

# Use sets idleness back. Not knowing holds it where it is, for half an hour in all since use was last seen.
look_around() {
  see_gpu
  see_ttys
  see_traffic
  see_jobs
  [ "$typed_at" ] && [ "$typed_at" != "$old_typed" ] && old_typed=$typed_at is_active=1
  if [ "$is_active$is_moving$is_working" ] || [ $hold_s -gt 0 ] || [ "${gpu_pct:-0}" -ge 5 ]; then
    idle_s=0 blind_s=0
  elif [ -z "$gpu_pct" ] && [ $blind_s -lt 1800 ]; then
    blind_s=$((blind_s + look_s))
  else
    idle_s=$((idle_s + look_s))
  fi
}

# The first that holds. After a start an editor may raise what is reached, and SSH takes its time: where one was
# before, its limits wait for it to be heard, ten minutes in all the lives without it.
find_reason() {
  want_s=$action_s spent_usd=$((used_s * rate_usd / 3600))
  is_bound=$((is_leased || !was_claimed || alone_s >= 600))
  case 1 in
  $((is_bound && used_s >= cap_s))) why_now=use ;;
  $((is_bound && wall_s >= cap_at))) why_now=deadline ;;
  $((is_bound && spent_usd >= cap_usd))) why_now=budget ;;
  $((!is_leased && alone_s >= 1800)))
    why_now=unclaimed want_s=destroy
    # Claimed once, there may be work on its disk.
    [ $was_claimed = 0 ] || want_s=stop ;;
  # Whoever has not come yet, or not again, is not idle.
  $((is_leased && !lease_s && idle_s >= limit_s))) why_now=idle ;;
  $((is_leased && idle_s >= limit_s * 4))) why_now=longIdle ;;
  *)
    # What the last run to end was started with. A file that nobody finished says nothing.
    want_s='' why_now=''
    read_line then
    case $l in stop | destroy) why_now=run want_s=$l ;; esac ;;
  esac
}

decide_it() {
  do_it=
  [ "$want_s" ] || {
    [ $its_phase = watching ] || tell_log "guard $label_s keeps"
    its_phase=watching
    # To wait is not to be allowed: whoever keeps dying gets no new grace by it.
    [ $is_bound = 0 ] || grace_s=180
    return
  }
  [ $its_phase = watching ] && {
    its_phase=grace
    l="$want_s in $grace_s s: $why_now"
    tell_log "guard $label_s will $l"
    tell_ttys "$l. Work, extend it or rm ~/.gpu-rental/then to keep it."
    return
  }
  [ $its_phase = grace ] && {
    grace_s=$((grace_s - look_s))
    [ $grace_s -gt 0 ] && return
    its_phase=acting grace_s=180 hook_s=120 due_s=0 try_n=0 gap_s=0 look_s=0
    start_hook
  }
  hook_s=$((hook_s > look_s ? hook_s - look_s : 0))
  is_hooked && hook_s=0
  due_s=$((due_s > gap_s ? due_s - gap_s : 0))
  [ $((hook_s + due_s)) -gt 0 ] && return
  try_n=$((try_n + 1))
  due_s=$((try_n > 5 ? 60 : 1 << try_n))
  do_it=$want_s
  # No right to destroy: stop at least what costs most.
  [ $want_s = destroy ] && [ $try_n -gt 8 ] && [ $((try_n % 2)) = 0 ] && do_it=stop
}

# --- the way to the provider
raw_http() {
  printf '%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization:Bearer %s\r\nUser-Agent:gpu-rental-guard\r\nContent-Type:application/json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' $m $p $host_s "$key_s" ${#b} "$b"
}

# What came back. The key is in no argument; wget takes it from nothing but a file. openssl asks nobody who the server is, so it comes
# late: an image without certificates has no other way, and the key opens nothing but this machine.
# shellcheck disable=SC2016
send_by() {
  case $1 in
  curl) printf 'header="Authorization:Bearer %s"' "$key_s" | curl -sim20 -A gpu-rental-guard -H Content-Type:application/json -K- -X$m -d "$b" $origin_s$p ;;
  wget)
    echo "header=Authorization:Bearer $key_s" >.w
    wget -qSO- -T20 -t1 -U gpu-rental-guard --header=Content-Type:application/json --config=.w --method=$m --body-data="$b" $origin_s$p 2>&1
    rm -f .w ;;
  python3) raw_http | $to_s python3 -c 'import socket as k,ssl,sys;a,o,t=sys.argv[1:];s=k.create_connection((a,int(o)));s=ssl.create_default_context().wrap_socket(s,server_hostname=a) if t[4]=="s" else s;s.send(sys.stdin.read().encode());print(s.recv(99).decode())' $a $o $origin_s ;; #runpod
  perl) raw_http | $to_s perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(shift)or exit;$/=undef;print {$s} <STDIN>;$s->flush;print <$s>' $a:$o ;; #runpod-http
  bash) raw_http | $to_s bash -c 'exec 3<>/dev/tcp/$0/$1;cat >&3;cat <&3' $a $o ;; #http
  nc) raw_http | nc -w20 $a $o ;; #http
  openssl) raw_http | $to_s openssl s_client -quiet -connect $a:$o -servername $a ;; #https
  runpodctl) #runpod
    case $2 in #runpod
    stop) runpodctl pod stop "$id_s" || runpodctl stop pod "$id_s" ;; #runpod
    destroy) runpodctl pod delete "$id_s" || runpodctl remove pod "$id_s" ;; #runpod
    *) false ;; #runpod
    esac >&2 && echo HTTP 200 ;; #runpod
  esac
}

# test, stop or destroy: prints the code and the way that brought it. The tests write what changes nothing.
call_api() {
  a=${host_s%:*}
  o=${host_s##*:}
  [ $o = $host_s ] && o=443
  p=/api/v0/instances/$id_s/ m=PUT b={} #vast
  case $1 in #vast
  test) b="{\"label\":\"$label_s\"}" ;; #vast
  stop) b='{"state":"stopped"}' ;; #vast
  *) m=DELETE ;; #vast
  esac #vast
  p=/v2/pods/$id_s/action m=POST b="{\"action\":\"$1\"}" #runpod
  [ "$1" = destroy ] && b='{"action":"terminate"}' #runpod
  w='curl wget openssl' #vast-https
  w='curl wget bash nc' #vast-http
  w='curl wget python3 perl openssl bash nc runpodctl' #runpod
  for w in $way_s $w; do
    x=$(send_by $w "$1" | sed -n 's/^ *HTTP[^ ]* \([1-5][0-9][0-9]\).*/\1/p' | tail -n 1)
    [ "$x" ] && echo "$x $w" && return
  done
  echo 0 nothing
}

# In the background: an answer is read a tick later, and one that never comes holds nothing up.
start_call() { { l=$(call_api $1); echo "$1 $l" >.c; mv -f .c .a; } & }

read_answer() {
  read -r k x w <.a || return
  rm -f .a
  [ $x = 0 ] || way_s=$w
  tell_log "guard $label_s $k: $x by $w"
  [ $k = test ] || return
  is_armed=0
  case $x in
  # An action that is none is refused once the key is known.
  400 | 409 | 422) is_armed=1 test_at=$((now_s + 3600)) ;; #runpod
  2*) is_armed=1 test_at=$((now_s + 3600)) ;;
  esac
}

# --- its day
see_tick() {
  read_clock
  gap_s=$((now_s > last_s ? now_s - last_s : 0)) last_s=$now_s
  # Nobody looked meanwhile: for money it counts whole, as idleness it does not.
  look_s=$((gap_s < 60 ? gap_s : 60))
  used_s=$((used_s + gap_s))
  [ $is_leased = 1 ] || alone_s=$((alone_s + gap_s))
  lease_s=$((lease_s > gap_s ? lease_s - gap_s : 0))
  hold_s=$((hold_s > gap_s ? hold_s - gap_s : 0))
  hear_lease
  look_around
  find_reason
  decide_it
}

# Shells started by others may lack what the first process was given.
from_env() { printenv $1 || tr '\0' '\n' </proc/1/environ | sed -n "s/^$1=//p"; }

be_born() {
  id_s=$(from_env CONTAINER_ID) key_s=$(from_env CONTAINER_API_KEY) #vast
  id_s=$(from_env RUNPOD_POD_ID) key_s=$(from_env RUNPOD_API_KEY) #runpod
  label_s=$1 rate_usd=$2 cap_usd=$4 cap_s=$5 cap_at=$6 limit_s=$7 action_s=$8 host_s=$9
  origin_s=https://$9 #https
  origin_s=http://$9 #http
  used_s=0 alone_s=0 was_claimed=0 grace_s=180 off_s=0
  is_leased=0 lease_s=0 hold_s=0 idle_s=0 blind_s=0
  its_phase=watching hook_s=0 due_s=0 try_n=0 gpu_wait=0 is_armed=0 test_at=0
  old_lease='' old_bytes='' told_keys='' way_s='' to_s=
  timeout 1 true && to_s='timeout 30'
  read_clock
  born_s=$now_s last_s=$now_s
  see_ttys
  old_typed=$typed_at
  take_kept kept
  rm -f .k .r #runpod
  keep_d=$root_d/workspace/.gpu-rental/$label_s #runpod
  { mkdir -p "$keep_d"; cp -p "$keep_d/kept" .p; echo >.r; } & #runpod
  x=0; while [ ! -e .r ] && [ $x -lt 20 ]; do x=$((x + 1)); sleep 1; done #runpod
  take_kept .p #runpod
  # The disk cost money all the while. A clock that ran back tells nothing, and a budget of nothing would be none.
  l=$((cap_usd - off_s * $3 / 3600))
  [ $off_s -gt 0 ] && cap_usd=$((l > 0 ? l : 1))
  echo >same
  tell_log "guard $label_s watches used=$used_s"
}

be_guard() {
  be_born "$@"
  while
    # Started a second time: the later one stays.
    read_line owner
    [ "${l:-$PPID}" = $PPID ] || exit 9
  do
    see_tick
    [ $do_it ] && {
      tell_log "guard $label_s $do_it: try $try_n, $why_now"
      start_call $do_it
    }
    read_answer
    tell_keys
    [ $now_s -ge $test_at ] && [ "$key_s" ] && test_at=$((now_s + 60)) && start_call test
    keep_all
    x=15
    [ $its_phase = grace ] && [ $grace_s -lt 15 ] && x=$grace_s
    # A machine that is being waited for is soon told safe, and its host key soon known.
    [ $((now_s - born_s < 120 && !(is_armed && ${#told_keys}))) = 1 ] && x=3
    [ $its_phase = acting ] && x=2
    sleep $x
  done
}

# At every start of the container: leaves at once, and goes on in a session of its own.
case $1 in
start)
  shift
  rm -rf owner jobs same lease status then .[a-z]*
  mkdir jobs
  # shellcheck disable=SC2016,SC2046
  $(command -v setsid) sh -c 'echo $$ >owner; while sh -c "$G" g "$@"; [ $? != 9 ]; do sleep 5; done' g "$@" </dev/null &
  ;;
*) be_guard "$@" ;;
esac
