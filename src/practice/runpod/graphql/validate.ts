// Checks an operation against the schema, with the messages GraphQL servers of this kind give.
import type { Field, Operation, Value } from './parse.ts';
import type { Schema } from './schema.ts';
/** Messages for everything wrong with the operation; empty when it may run. */
export function validateOperation(schema: Schema, operation: Operation): string[] {
  const root = operation.kind === 'mutation' ? 'Mutation' : 'Query';
  const declared = new Set(operation.variables.map((variable) => variable.name));
  const problems: string[] = [];

  const unknownVariables = (value: Value): void => {
    if (value.kind === 'variable' && !declared.has(value.name)) {
      problems.push(`Variable "$${value.name}" is not defined${operation.name === undefined ? '' : ` by operation "${operation.name}"`}.`);
    }
    if (value.kind === 'list') value.items.forEach(unknownVariables);
    if (value.kind === 'object') Object.values(value.fields).forEach(unknownVariables);
  };

  const check = (type: string, field: Field): void => {
    if (field.name === '__typename') return;
    const known = schema.objects[type] ?? {};
    const definition = Object.hasOwn(known, field.name) ? known[field.name] : undefined;
    if (definition === undefined) {
      problems.push(`Cannot query field "${field.name}" on type "${type}".`);
      return;
    }
    for (const [argument, value] of Object.entries(field.args)) {
      if (!Object.hasOwn(definition.args, argument)) {
        problems.push(`Unknown argument "${argument}" on field "${type}.${field.name}".`);
      }
      unknownVariables(value);
    }
    for (const [argument, argumentType] of Object.entries(definition.args)) {
      if (argumentType.endsWith('!') && !Object.hasOwn(field.args, argument)) {
        problems.push(`Field "${field.name}" argument "${argument}" of type "${argumentType}" is required, but it was not provided.`);
      }
    }
    if (definition.object === '') {
      if (field.selections.length > 0) {
        problems.push(`Field "${field.name}" must not have a selection since it has no subfields.`);
      }
      return;
    }
    if (field.selections.length === 0) {
      problems.push(`Field "${field.name}" of type "${definition.object}" must have a selection of subfields. Did you mean "${field.name} { ... }"?`);
    }
    for (const selection of field.selections) check(definition.object, selection);
  };

  for (const field of operation.selections) check(root, field);
  return problems;
}
