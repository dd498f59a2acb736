/**
 * The environment of a project, made once on a machine and taken again while what it is made from stays the same. It
 * lies beside the runs and not in the project, so that nobody fetches it home. Said into the run's own log; a run whose
 * environment cannot be made has failed.
 *
 * The frameworks of the image are gigabytes, and built for its GPU: pip sees them from within the environment and leaves
 * them be. uv does not look at them when it installs, so it is only taken where there are none, or where a lock file
 * says exactly what is wanted.
 */
export const environment = `say() { printf 'gpu-rental: %s\\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }
sum() { { sha256sum 2>/dev/null || cksum; } | tr -dc 0-9a-f | cut -c 1-16; }

how='' from=''
choose() {
  for from in uv.lock requirements.txt pyproject.toml environment.yml environment.yaml; do
    [ -f "$from" ] || continue
    case $from in
    uv.lock) has uv && [ -f pyproject.toml ] && how=lock && return ;;
    requirements.txt) how=requirements && return ;;
    pyproject.toml) grep -Eq '^[[](project|tool[.]poetry)[]]' pyproject.toml && how=project && return ;;
    *) how=conda && return ;;
    esac
  done
}

has_frameworks() { python3 -c 'import importlib.util as u,sys;sys.exit(not any(map(u.find_spec,("torch","tensorflow","jax"))))' 2>/dev/null; }

# An image may itself live in an environment, and its packages are to be seen all the same.
bare() {
  python3 -m venv --system-site-packages "$@" "$env" || return
  for at in "$env"/lib/python*/site-packages; do
    python3 -c 'import sys,sysconfig;sys.prefix!=sys.base_prefix and print(sysconfig.get_paths()["purelib"])' >"$at/image.pth"
  done
}

# The pip of the image does, where it has one: to unpack another takes longer than all the rest.
with_pip() {
  has python3 || { say "this image has no python3"; return 127; }
  bare --without-pip && "$env/bin/python" -m pip --version >/dev/null 2>&1 && return
  rm -rf "$env"
  bare
}

install() {
  if has uv && ! has_frameworks; then
    say "making the environment from $from with uv"
    uv venv --quiet "$env" && VIRTUAL_ENV=$env uv pip install "$@"
  else
    say "making the environment from $from with pip"
    with_pip && "$env/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off "$@"
  fi
}

conda_tool() {
  for name in micromamba mamba conda; do
    for tool in "$name" "/opt/conda/bin/$name" "/opt/miniforge3/bin/$name" "/opt/miniconda3/bin/$name" "$HOME/miniconda3/bin/$name"; do
      has "$tool" && return
    done
  done
  say "$from wants conda, mamba or micromamba, and this image has none"
  return 127
}

make() {
  case $how in
  lock)
    say "making the environment from uv.lock with uv"
    UV_PROJECT_ENVIRONMENT=$env uv sync --frozen ;;
  requirements) install -r requirements.txt ;;
  project) install -e . ;;
  conda)
    conda_tool || return
    say "making the environment from $from with \${tool##*/}"
    case $tool in
    *micromamba) "$tool" create -y -p "$env" -f "$from" ;;
    *) CONDA_ALWAYS_YES=1 "$tool" env create -p "$env" -f "$from" ;;
    esac ;;
  esac
}

# Two runs may want it at once; a maker that died holds nothing up.
lock() {
  until mkdir "$env.lock" 2>/dev/null; do
    sleep 2
    maker=
    read -r maker <"$env.lock/pid"
    kill -0 "$maker" || rm -rf "$env.lock"
  done 2>/dev/null
  echo $$ >"$env.lock/pid"
}

choose
if [ "$how" ]; then
  stage environment
  project=$(pwd -P | sum)
  env=$g/envs/$project-$({ echo "$how"; python3 -V; cat requirements*.txt constraints*.txt pyproject.toml uv.lock environment.y*ml; } 2>/dev/null | sum)
  mkdir -p "$g/envs"
  lock
  if [ ! -e "$env.made" ]; then
    rm -rf "$env"
    make
    code=$?
    if [ $code != 0 ]; then
      rm -rf "$env" "$env.lock"
      say "the environment could not be made from $from (exit $code), so the command was not started"
      exit $code
    fi
    echo >"$env.made"
    # What it was before goes, unless another run may live in it.
    set -- "$g"/jobs/[0-9]*
    [ $# -gt 1 ] || for old in "$g/envs/$project"-*; do case $old in "$env" | "$env".*) ;; *) rm -rf "$old" ;; esac; done
    say "the environment is ready"
  fi
  rm -rf "$env.lock"
  PATH=$env/bin:$PATH
  [ $how = conda ] && export CONDA_PREFIX="$env" || export VIRTUAL_ENV="$env"
fi
`;
