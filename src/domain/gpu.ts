/**
 * One name per GPU model over all providers. Vast says `RTX 4080S`, `RTX 6000Ada` and `H100 SXM`,
 * RunPod and the driver `NVIDIA GeForce RTX 4080 SUPER`, `NVIDIA RTX 6000 Ada Generation` and
 * `NVIDIA H100 80GB HBM3`; people say something in between.
 */
const makers = /^(?:(?:NVIDIA|AMD|Tesla|GeForce)\s+)+/i;

const aliases: readonly (readonly [RegExp, string])[] = [
  [/^H100 80GB HBM3$/i, 'H100 SXM'],
  [/^A100[- ]SXM4(?:-(?:40|80)GB)?$/i, 'A100 SXM'],
  [/^A100 (?:40|80)GB PCIe$/i, 'A100 PCIe'],
  [/^A100-PCIE-(?:40|80)GB$/i, 'A100 PCIe'],
  [/^([AH][18]00) PCIe$/i, '$1 PCIe'],
  [/^V100-(?:PCIE|SXM2)-(?:16|32)GB$/i, 'V100'],
  [/^GH200\b.*$/i, 'GH200'],
  [/^(B[23]00) SXM6 AC$/i, '$1'],
  [/^Instinct ?(MI\d+X?)\b.*$/i, '$1'],
  [/^A10G$/i, 'A10G'],
  [/^(?:RTX )?(A[2-6][05]00)$/i, 'RTX $1'],
  [/^RTX (A[34]0)$/i, '$1'],
  [/^A5000 Ada$/i, 'RTX 5000 Ada'],
  [/^RTX (\d{4}) SFF Ada Generation$/i, 'RTX $1 SFF Ada'],
  [/^RTX (\d{4}) ?Ada(?: Generation)?$/i, 'RTX $1 Ada'],
  [/^RTX PRO (\d+) (?:Blackwell )?Max-Q\b.*$/i, 'RTX PRO $1 Max-Q'],
  [/^RTX PRO (\d+) (?:Blackwell )?(?:Workstation|WS)(?: Edition)?$/i, 'RTX PRO $1 WS'],
  [/^RTX PRO (\d+) (?:Blackwell )?(?:Server|S)(?: Edition)?( MIG .+)?$/i, 'RTX PRO $1 S$2'],
  [/^RTX PRO (\d+) Blackwell$/i, 'RTX PRO $1'],
  [/^((?:[RG]TX )?\d{4}) ?(?:S ?Ti|Ti ?S(?:uper)?)$/i, '$1 Ti SUPER'],
  [/^((?:[RG]TX )?\d{4}) ?S(?:uper)?$/i, '$1 SUPER'],
  [/^((?:[RG]TX )?\d{4}) ?Ti$/i, '$1 Ti'],
  [/^((?:[RG]TX )?\d{4}) ?D$/i, '$1 D'],
  [/^((?:[RG]TX )?\d{4}(?: Ti)?) Laptop(?: GPU)?$/i, '$1 Laptop'],
  [/^(9\d0)$/, 'GTX $1'],
  [/^Titan (\w+)(.*)$/i, 'TITAN $1$2'],
  [/^Q RTX (\d+)$/i, 'Quadro RTX $1'],
];

export function gpuName(providerName: string): string {
  const bare = providerName.replace(/[\s_]+/g, ' ').trim().replace(makers, '');
  for (const [pattern, name] of aliases) if (pattern.test(bare)) return bare.replace(pattern, name).trim();
  return bare;
}

const squash = (name: string): string => gpuName(name).toLowerCase().replace(/[^a-z0-9]/g, '');

const families = ['', 'rtx', 'gtx', 'quadro', 'quadrortx'];
const forms = ['', 'sxm', 'sxm5', 'pcie', 'nvl', 'ultra'];
/** `L40` must not mean `L40S`, so the short forms belong to this family alone. */
const proForms = ['ws', 's', 'maxq'];

/** `4090`, `rtx_4090` and `RTX 4090` all mean that model; `A100` means every A100, `3090` never a 3090 Ti. */
export const sameGpu = (gpu: string, wanted: string): boolean => gpuMatcher(wanted)(gpu);

/** The same for many GPUs: a market has ten thousand offers and a few dozen models. */
export function gpuMatcher(wanted: string): (gpu: string) => boolean {
  const want = squash(wanted);
  const names = new Set([
    ...families.map((family) => family + want),
    ...(want.startsWith('rtxpro') ? proForms : forms).map((form) => want + form),
  ]);
  const known = new Map<string, boolean>();
  return (gpu) => {
    const same = known.get(gpu) ?? (want === '' || names.has(squash(gpu)));
    known.set(gpu, same);
    return same;
  };
}

/** As sold, in GB. */
const soldGb = [4, 6, 8, 10, 11, 12, 16, 20, 22, 24, 32, 40, 48, 64, 72, 80, 94, 96, 128, 141, 143, 180, 186, 192, 256, 288];
/** Drivers keep a part for themselves, error correction another: a 48 GB L40S shows 45 GB. */
const leastUsable = 0.92;

/** Memory as sold, from the usable figure in MiB: 24564 is a 24 GB card. */
export function nominalVramGb(usableMb: number): number {
  const gb = usableMb / 1024;
  return soldGb.find((size) => gb <= size && gb > size * leastUsable) ?? Math.round(gb);
}

/** The least usable MiB that `nominalVramGb` can take for `gb` or more: for asking a provider. */
export const leastUsableMb = (gb: number): number => Math.floor(Math.min(gb * leastUsable, gb - 0.5) * 1024);
