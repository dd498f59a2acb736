/** A program that we start inherits what we were started with, and that may hold API keys. It needs none. */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GPU_RENTAL_\w+_KEY$/i.test(name)));
}
