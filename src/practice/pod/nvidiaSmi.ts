/**
 * The pod's `nvidia-smi`, in sh and awk because a pod need not have Node. It knows the forms that
 * scripts use: the table, -L, --query-gpu and --query-compute-apps with --format=csv, and -i.
 */
import { quote } from './quote.ts';

const OPTIONS = `
mode=table fields= format= only=
fail() { echo "$1"; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    -L|--list-gpus) mode=list ;;
    --query-gpu=*) mode=gpu; fields=\${1#*=} ;;
    --query-compute-apps=*) mode=app; fields=\${1#*=} ;;
    --format=*) format=\${1#*=} ;;
    -i|--id) shift; only=\${1-} ;;
    -i=*|--id=*) only=\${1#*=} ;;
    *) fail "Invalid combination of input arguments: $1" ;;
  esac
  shift
done
case ,$format, in
  *,csv,*) ;;
  *) [ -z "$fields" ] || fail '"--format=" switch is missing. Only csv is known.' ;;
esac
[ -r "$state" ] || { echo 'NVIDIA-SMI has failed because it could not talk to the NVIDIA driver.'; exit 9; }
`;

const PROGRAM = `
function chosen(   n, i, ids) {
  if (only == "") return 1
  n = split(only, ids, ",")
  for (i = 1; i <= n; i++) if (ids[i] == $2 || ids[i] == $4 || ids[i] == $5) return 1
  return 0
}
function known(name) { return name in unit }
function gpuValue(name) {
  if (name == "timestamp") return now
  if (name == "count") return total
  if (name == "index") return $2
  if (name == "name") return $3
  if (name == "uuid") return $4
  if (name == "pci.bus_id") return $5
  if (name == "memory.total") return $6
  if (name == "memory.used") return $7
  if (name == "memory.free") return $6 - $7
  if (name == "utilization.gpu") return $8
  if (name == "temperature.gpu") return $9
  if (name == "power.draw") return $10
  if (name == "driver_version") return $11
  if (name == "power.limit") return ($13 == "") ? "[N/A]" : $13
  if (name == "pstate") return ($8 > 0) ? "P0" : "P8"
  return "[N/A]"
}
function appValue(name) {
  if (name == "timestamp") return now
  if (name == "gpu_name") return $3
  if (name == "gpu_uuid") return $4
  if (name == "gpu_bus_id") return $5
  if (name == "pid") return $6
  if (name == "process_name") return $7
  if (name == "used_gpu_memory") return $8
  return "[N/A]"
}
function row(   i, name, value, line) {
  for (i = 1; i <= columns; i++) {
    name = column[i]
    value = mode == "gpu" ? gpuValue(name) : appValue(name)
    if (unit[name] != "" && !nounits && value != "[N/A]") value = value " " unit[name]
    line = line (i > 1 ? ", " : "") value
  }
  print line
}
function alias(from, to) { other[from] = to }
function unitOf(names, text,   n, i, list) { n = split(names, list, " "); for (i = 1; i <= n; i++) unit[list[i]] = text }
BEGIN {
  FS = "\\t"
  if (mode == "gpu") {
    unitOf("timestamp count index name uuid pci.bus_id temperature.gpu driver_version pstate persistence_mode compute_mode", "")
    unitOf("memory.total memory.used memory.free", "MiB"); unitOf("power.draw power.limit", "W")
    unitOf("utilization.gpu utilization.memory fan.speed", "%"); unitOf("clocks.current.sm clocks.current.memory", "MHz")
    alias("gpu_name", "name"); alias("gpu_uuid", "uuid"); alias("gpu_bus_id", "pci.bus_id")
    alias("clocks.sm", "clocks.current.sm"); alias("clocks.mem", "clocks.current.memory")
  } else {
    unitOf("timestamp gpu_name gpu_uuid gpu_bus_id pid process_name", ""); unitOf("used_gpu_memory", "MiB")
    alias("name", "process_name"); alias("used_memory", "used_gpu_memory")
  }
  columns = split(fields, column, ",")
  for (i = 1; i <= columns; i++) {
    gsub(/ /, "", column[i])
    if (column[i] in other) column[i] = other[column[i]]
    if (!known(column[i])) { print "Field \\"" column[i] "\\" is not a valid field to query."; failed = 2; exit failed }
    header = header (i > 1 ? ", " : "") column[i] (unit[column[i]] == "" ? "" : " [" unit[column[i]] "]")
  }
  nounits = ("," format ",") ~ /,nounits,/
  if (columns && ("," format ",") !~ /,noheader,/) print header
  while ((getline line < state) > 0) { count++; lines[count] = line; if (line ~ /^gpu\\t/) total++ }
  for (i = 1; i <= count; i++) {
    $0 = lines[i]
    if (!chosen()) continue
    if ($1 == "gpu") found++
    if ($1 == mode) row()
    else if ($1 == "gpu" && mode == "list") print "GPU " $2 ": " $3 " (UUID: " $4 ")"
    else if ($1 == "gpu" && mode == "table") tableRow(found)
    else if ($1 == "app" && mode == "table") apps = apps sprintf("| %4d   N/A  N/A %10d      C   %-40.40s %7dMiB |\\n", $2, $6, $7, $8)
  }
  if (!found) { print "No devices were found"; exit 6 }
  if (mode == "table") tableEnd()
}
function tableRow(first) {
  if (first == 1) {
    print day
    print "+-----------------------------------------------------------------------------------------+"
    printf "| NVIDIA-SMI %-23sDriver Version: %-15sCUDA Version: %-8s |\\n", $11, $11, $12
    print "|-----------------------------------------+------------------------+----------------------+"
    print "| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |"
    print "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |"
    print "|                                         |                        |               MIG M. |"
    print "|=========================================+========================+======================|"
  }
  printf "|%4d  %-31.31sOn  |   %16s Off |                  Off |\\n", $2, $3, $5
  printf "| N/A%5dC    %s%24s |%8dMiB / %6dMiB |%7d%%      Default |\\n", $9, ($8 > 0 ? "P0" : "P8"), sprintf("%dW / %4s", $10, $13 == "" ? "N/A" : int($13) "W"), $7, $6, $8
  print "|                                         |                        |                  N/A |"
  print "+-----------------------------------------+------------------------+----------------------+"
}
function tableEnd() {
  print ""
  print "+-----------------------------------------------------------------------------------------+"
  print "| Processes:                                                                              |"
  print "|  GPU   GI   CI        PID   Type   Process name                              GPU Memory |"
  print "|        ID   ID                                                               Usage      |"
  print "|=========================================================================================|"
  printf "%s", (apps == "" ? "|  No running processes found                                                             |\\n" : apps)
  print "+-----------------------------------------------------------------------------------------+"
}
`;

export const nvidiaSmiScript = (state: string): string => `#!/bin/sh
# nvidia-smi of a practice pod: answers from what its market last wrote.
state=${quote(state)}
${OPTIONS}
exec awk -v state="$state" -v mode="$mode" -v fields="$fields" -v format="$format" -v only="$only" \\
  -v now="$(date '+%Y/%m/%d %H:%M:%S.000')" -v day="$(date)" ${quote(PROGRAM)} </dev/null
`;
