/** Every command there is; package.json is held to this list by a test. */
export const commandIds = [
  'gpuRental.account.signIn',
  'gpuRental.account.signOut',
  'gpuRental.offers.refresh',
  'gpuRental.offers.filter',
  'gpuRental.offers.sort',
  'gpuRental.offers.advise',
  'gpuRental.offers.clearFilter',
  'gpuRental.offers.showHidden',
  'gpuRental.offers.explore',
  'gpuRental.offers.showFailed',
  'gpuRental.hosts.failed',
  'gpuRental.alert.add',
  'gpuRental.alert.list',
  'gpuRental.offer.rent',
  'gpuRental.offer.estimate',
  'gpuRental.offer.copy',
  'gpuRental.offer.openConsole',
  'gpuRental.offer.hideHost',
  'gpuRental.instances.refresh',
  'gpuRental.instance.openWorkspace',
  'gpuRental.instance.openTerminal',
  'gpuRental.instance.openFiles',
  'gpuRental.instance.openFolder',
  'gpuRental.instance.search',
  'gpuRental.instance.copySsh',
  'gpuRental.instance.showLogs',
  'gpuRental.instance.copyData',
  'gpuRental.instance.stop',
  'gpuRental.instance.start',
  'gpuRental.instance.reboot',
  'gpuRental.instance.destroy',
  'gpuRental.instance.extendLease',
  'gpuRental.instance.setBudget',
  'gpuRental.instance.changeBid',
  'gpuRental.instance.move',
  'gpuRental.instance.openConsole',
  'gpuRental.project.createSetupScript',
  'gpuRental.instance.showDetail',
  'gpuRental.port.forward',
  'gpuRental.port.open',
  'gpuRental.port.copy',
  'gpuRental.port.stop',
  'gpuRental.jupyter.open',
  'gpuRental.tensorboard.open',
  'gpuRental.run.file',
  'gpuRental.run.command',
  'gpuRental.run.showLog',
  'gpuRental.run.stop',
  'gpuRental.run.afterwards',
  'gpuRental.run.again',
  'gpuRental.run.download',
  'gpuRental.run.copies',
  'gpuRental.run.history',
  'gpuRental.volumes.show',
  'gpuRental.endpoint.create',
  'gpuRental.endpoints.show',
  'gpuRental.sync.upload',
  'gpuRental.sync.download',
  'gpuRental.estimate.open',
  'gpuRental.estimate.copyMarkdown',
  'gpuRental.estimate.copyCsv',
  'gpuRental.spend.show',
  'gpuRental.spend.showText',
  'gpuRental.spend.exportCsv',
  'gpuRental.limits.edit',
  'gpuRental.guide.open',
  'gpuRental.guide.refreshPrices',
  'gpuRental.gpuflow.connect',
  'gpuRental.practice.start',
  'gpuRental.practice.stop',
  'gpuRental.log.show',
] as const;
export type CommandId = (typeof commandIds)[number];

/** A tree hands over its element, a keyboard shortcut nothing, a link or a button whatever it was given. */
export type CommandHandler = (argument?: unknown) => void | Promise<void>;
/** One area's part. */
export type CommandHandlers = Readonly<Partial<Record<CommandId, CommandHandler>>>;
/** A command without a handler does not compile. */
export type AllHandlers = Readonly<Record<CommandId, CommandHandler>>;

interface Registration {
  dispose(): void;
}
export type RegisterCommand = (id: string, handler: (argument?: unknown) => unknown) => Registration;

/** The one place that registers commands: what fails ends in `report`. */
export function registerCommands(
  handlers: AllHandlers,
  register: RegisterCommand,
  report: (error: unknown) => void,
): Registration {
  const registrations = Object.entries(handlers).map(([id, handler]) =>
    register(id, async (argument) => {
      try {
        await handler(argument);
      } catch (error) {
        report(error);
      }
    }),
  );
  return { dispose: () => registrations.forEach((registration) => registration.dispose()) };
}
