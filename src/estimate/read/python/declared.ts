/** What a script takes from its command line: argparse, click, dataclasses of HfArgumentParser, fire, tyro. */
import type { Arguments, Caller } from './calls.ts';
import type { Machine } from './machine.ts';
import { type Call, callOf, lastPart, type Place, scalar, stringOf, unknown, type Value } from './value.ts';

export function commandLineBuiltin(machine: Machine, name: string, given: Arguments, at: Place, invoke: Caller): Value | undefined {
  const last = lastPart(name);
  if (last === 'add_argument' || last === 'add_argparse_args') {
    declare(machine, given, at);
    return unknown(at);
  }
  if (last === 'set_defaults') {
    for (const [key, value] of given.keywords) if (!machine.commandLine.has(key)) machine.declared.set(key, value);
    return unknown(at);
  }
  if (/^parse_(known_|intermixed_)?args$/.test(last)) {
    const namespaceValue = made('Namespace', new Map([...machine.declared, ...machine.commandLine]), at);
    return last === 'parse_known_args' ? { kind: 'list', items: [namespaceValue, unknown(at)], at } : namespaceValue;
  }
  if (last === 'HfArgumentParser' || last === 'TrlParser') {
    const [classes] = given.args;
    machine.declared.set(' dataclasses', classes ?? unknown(at));
    return undefined;
  }
  if (['parse_args_into_dataclasses', 'parse_args_and_config', 'parse_json_file', 'parse_yaml_file'].includes(last)) return dataclasses(machine, at, invoke);
  const [target] = given.args;
  if (/^(fire\.Fire|tyro\.cli|typer\.run|Fire|cli|draccus\.parse|simple_parsing\.parse)$/.test(name) && target !== undefined) {
    return invoke(target, { args: [], keywords: new Map(machine.commandLine) });
  }
  return undefined;
}

const made = (callee: string, attributes: Map<string, Value>, at: Place): Value =>
  ({ kind: 'call', at, call: { callee, args: [], keywords: new Map(), attributes, place: at, certain: true } });

function dataclasses(machine: Machine, at: Place, invoke: Caller): Value {
  const declared = machine.declared.get(' dataclasses');
  const classes = declared?.kind === 'list' ? declared.items : declared ? [declared] : [];
  const items = classes.map((target): Value => {
    const given = { args: [], keywords: new Map(machine.commandLine) };
    if (target.kind === 'class') return invoke(target, given);
    if (target.kind !== 'name') return unknown(at);
    // TrainingArguments itself: its fields are not in the script, what the command says of them is.
    const call: Call = { callee: target.name, ...given, attributes: new Map(machine.commandLine), place: at, certain: machine.certain };
    machine.calls.push(call);
    return { kind: 'call', call, at };
  });
  return { kind: 'list', items, at };
}

function declare(machine: Machine, { args, keywords }: Arguments, at: Place): void {
  const names = args.map(stringOf).filter((name) => name !== undefined);
  const long = names.find((name) => name.startsWith('--')) ?? names[0];
  const destination = stringOf(keywords.get('dest')) ?? long?.replace(/^-+/, '').replaceAll('-', '_');
  if (destination === undefined) return;
  const given = names.map((name) => machine.commandLine.get(name.replace(/^-+/, '').replaceAll('-', '_'))).find((value) => value !== undefined);
  machine.declared.set(destination, given ?? otherwise(keywords, at));
}

function otherwise(keywords: ReadonlyMap<string, Value>, at: Place): Value {
  const stated = keywords.get('default');
  const action = stringOf(keywords.get('action'));
  if (stated !== undefined) return stated;
  if (action === 'store_true') return scalar(false, at);
  if (action === 'store_false') return scalar(true, at);
  // Required ones have no default at all; the others are None.
  const required = keywords.get('required');
  return required?.kind === 'scalar' && required.value === true ? unknown(at) : scalar(null, at);
}

/** Of `@click.option` and `@app.option` decorators: what the function is called with. */
export function namespace(machine: Machine, decorators: readonly Call[]): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const { callee, args, keywords, place } of decorators) {
    if (!/(^|\.)(option|argument)$/.test(callee)) continue;
    const names = args.map(stringOf).filter((name) => name !== undefined);
    const long = names.find((name) => !name.startsWith('-')) ?? names.find((name) => name.startsWith('--')) ?? names[0];
    const name = long?.replace(/^-+/, '').split('/')[0]?.replaceAll('-', '_');
    if (name === undefined) continue;
    const flag = keywords.get('is_flag');
    found.set(name, machine.commandLine.get(name) ?? keywords.get('default') ?? (callOf(flag) === undefined && flag?.kind === 'scalar' ? scalar(false, place) : unknown(place)));
  }
  return found;
}
