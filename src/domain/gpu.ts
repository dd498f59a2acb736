/**
 * One name per GPU model over all providers. Vast says `RTX 4090` and `H100 SXM`, RunPod
 * `NVIDIA GeForce RTX 4090` and `NVIDIA H100 80GB HBM3`; people say the former.
 */
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^H100 80GB HBM3$/, 'H100 SXM'],
  [/^A100-SXM4-(40|80)GB$/, 'A100 SXM'],
  [/^A100 SXM4$/, 'A100 SXM'],
  [/^A100 80GB PCIe$/, 'A100 PCIe'],
  [/^(H100|A100) PCIE$/i, '$1 PCIe'],
  [/^Instinct (MI\d+X).*$/, '$1'],
  [/^(B300) SXM6 AC$/, '$1'],
  [/^V100-(PCIE|SXM2)-(16|32)GB$/, 'V100'],
  [/^(?:RTX )?(A[2456]000|A4500)$/, 'RTX $1'],
  [/^RTX (\d)000 ?Ada(?: Generation)?$/, 'RTX $1000 Ada'],
  [/^RTX 4000 SFF Ada Generation$/, 'RTX 4000 SFF Ada'],
  [/^RTX PRO (\d+) (?:Blackwell )?(?:Workstation|WS)(?: Edition)?$/, 'RTX PRO $1 WS'],
  [/^RTX PRO (\d+) (?:Blackwell )?(?:Server|S)(?: Edition)?$/, 'RTX PRO $1 S'],
  [/^RTX PRO (\d+) (?:Blackwell )?Max-Q.*$/, 'RTX PRO $1 Max-Q'],
  [/^RTX (\d{4})TI$/i, 'RTX $1 Ti'],
];

export function gpuName(providerName: string): string {
  const bare = providerName.replace(/\s+/g, ' ').trim().replace(/^(NVIDIA|AMD|Tesla)\s+/i, '').replace(/^(GeForce|Tesla)\s+/i, '');
  for (const [pattern, name] of aliases) if (pattern.test(bare)) return bare.replace(pattern, name);
  return bare;
}

const squash = (name: string): string => gpuName(name.replace(/_/g, ' ')).toLowerCase().replace(/[^a-z0-9]/g, '');

/** `4090`, `rtx_4090` and `RTX 4090` all mean that model; `A100` means every A100, `3090` never a 3090 Ti. */
export function sameGpu(gpu: string, wanted: string): boolean {
  const have = squash(gpu);
  const want = squash(wanted);
  if (want === '' || have === want || have === `rtx${want}` || have === `gtx${want}`) return true;
  const forms = ['sxm', 'sxm5', 'pcie', 'nvl', 'ultra'];
  return forms.some((form) => have === want + form);
}

/** Memory as sold: usable figures lie a little below the nominal size (24564 MB is a 24 GB card). */
export function nominalVramGb(usableMb: number): number {
  const gb = usableMb / 1024;
  const sold = [4, 6, 8, 10, 11, 12, 16, 20, 22, 24, 32, 40, 44, 45, 48, 64, 80, 94, 96, 128, 141, 143, 180, 192, 256, 288];
  const near = sold.find((size) => gb <= size && gb > size * 0.93);
  return near ?? Math.round(gb);
}
