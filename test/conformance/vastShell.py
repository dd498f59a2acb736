"""Runs commands of the official Vast client, one JSON line each way.

Loading the client takes a second; a fork of a process that has it loaded is
its own main() with its own arguments, without that second.
"""
import json
import os
import sys
import tempfile
import traceback

import vastai.cli.main as cli
from vastai.cli.commands import auth, billing, instances, keys, misc, offers, storage  # noqa: F401


def run(call, out, err):
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    os.environ.update(call["env"])
    sys.argv = ["vastai", *call["args"]]
    code = 0
    try:
        cli.main()
    except SystemExit as end:
        # What the interpreter does with sys.exit("text").
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


for line in sys.stdin:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            run(json.loads(line), out, err)
        _, status = os.waitpid(child, 0)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
        print(json.dumps({"stdout": texts[0], "stderr": texts[1], "code": os.waitstatus_to_exitcode(status)}), flush=True)
