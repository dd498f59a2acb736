import assert from 'node:assert/strict';
import { capabilities, capabilitiesOf, guideColumns, guideSources, guideTopics, type GuideCell, type GuideSource } from '../../../../src/estimate/catalogue/guide.ts';
import { listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import { inEnglish as t } from '../../../../src/estimate/words.ts';
import { claims, verdictWords } from '../../../../src/estimate/wordsClaims.ts';
import { runpodCells, vastCells } from '../../../../src/estimate/wordsGuide.ts';
import { cloudCells, gpuflowCells, lambdaCells } from '../../../../src/estimate/wordsGuideOthers.ts';

const cells: readonly GuideCell[] = [...vastCells(t), ...runpodCells(t), ...lambdaCells(t), ...gpuflowCells(t), ...cloudCells(t)];
const cell = (column: string, topic: string): GuideCell | undefined => cells.find((one) => one.column === column && one.topic === topic);
const isDated = ({ name, asOf }: GuideSource): void => {
  assert.ok(name.trim().length > 4, name);
  assert.match(asOf, /^20\d\d(-\d\d(-\d\d)?)?$/, name);
};

describe('the guide', () => {
  it('has a source and a day in every cell', () => {
    assert.ok(cells.length > 60);
    for (const { source, text } of cells) {
      isDated(source);
      assert.ok(text.trim() !== '', source.name);
    }
  });

  it('has each cell once, in a row and a column that there are', () => {
    assert.equal(new Set(cells.map(({ column, topic }) => `${column} ${topic}`)).size, cells.length);
    for (const { column, topic } of cells) assert.ok(guideColumns.includes(column) && guideTopics.includes(topic));
  });

  it('leaves nothing out of the two marketplaces, and says of everybody what it is', () => {
    for (const topic of guideTopics) assert.ok(cell('vast', topic) && cell('runpod', topic), topic);
    for (const column of guideColumns) assert.ok(cell(column, 'what'), column);
  });

  it('takes its figures from where the product has them', () => {
    assert.match(cell('runpod', 'storage')?.text ?? '', /\$0\.07 up to 1 TB and \$0\.05 above/);
    const h100 = listPrices.find(({ instance }) => instance === 'gpu_1x_h100_sxm5');
    assert.match(cell('lambda', 'price')?.text ?? '', /\$4\.29\/h/);
    assert.deepEqual(cell('lambda', 'price')?.source, { name: h100?.source, asOf: h100?.readOn });
    assert.match(cell('clouds', 'price')?.text ?? '', /\$6\.88\/h/);
    assert.match(cell('clouds', 'several')?.text ?? '', /by the eight at AWS, for \$27\.45\/h/);
  });

  it('says where today’s documents contradict the articles', () => {
    const contradicted = cells.filter(({ articleSaid }) => articleSaid !== undefined).map(({ column, topic }) => `${column} ${topic}`);
    for (const one of ['vast payment', 'vast storage', 'vast traffic', 'vast several', 'runpod price', 'runpod payment', 'gpuflow what']) assert.ok(contradicted.includes(one), one);
    for (const { articleSaid, source, topic } of cells) {
      if (articleSaid !== undefined) assert.ok(source !== guideSources.comparison && source !== guideSources.inference, `${topic}: an article does not contradict itself`);
    }
  });

  it('never says that something is rented at GPUFlow', () => {
    assert.deepEqual(capabilitiesOf('gpuflow', ['gpuflow', 'vast']), []);
    assert.match(cell('gpuflow', 'what')?.text ?? '', /no public call that rents/);
  });
});

describe('what can be done from here', () => {
  it('is nothing where this version does not rent', () => {
    for (const column of guideColumns) assert.deepEqual(capabilitiesOf(column, []), []);
  });

  it('is told of those that it rents from', () => {
    assert.deepEqual(capabilitiesOf('vast', ['vast', 'runpod']), capabilities);
    assert.ok(!capabilitiesOf('runpod', ['vast', 'runpod']).includes('interruptible'));
    assert.deepEqual(capabilitiesOf('lambda', ['vast', 'runpod']), []);
    assert.ok(!capabilitiesOf('lambda', ['vast', 'runpod', 'lambda']).includes('stop'));
  });
});

describe('the articles’ figures', () => {
  const all = claims(t);
  const of = (what: RegExp): string[] => all.filter((claim) => what.test(claim.what)).flatMap(({ said, today, verdict }) => [said, today, verdict]);

  it('have a source, a day and a verdict each', () => {
    assert.ok(all.length >= 15);
    for (const { what, said, today, source, verdict } of all) {
      isDated(source);
      assert.ok([what, said, today, verdictWords(verdict, t)].every((words) => words.trim() !== ''), what);
    }
    assert.equal(new Set(all.map(({ what }) => what)).size, all.length);
  });

  it('stand as the lists have them since', () => {
    assert.deepEqual(of(/RTX 4090 at RunPod/), ['$0.59/h', '$0.69/h', 'outdated']);
    assert.deepEqual(of(/A100 of 80 GB at RunPod/), ['$1.39/h – $1.49/h', '$1.39/h – $1.49/h', 'holds']);
    assert.deepEqual(of(/^One A100 at AWS/), ['$4.10/h', '$2.74/h of 40 GB, $3.43/h of 80 GB, by the eight', 'wrong']);
    assert.deepEqual(of(/What RunPod saves/), ['60–75 %', '49 % against 40 GB, 59 % against 80 GB', 'wrong']);
    assert.deepEqual(of(/^AWS against RunPod/), ['3–5×', '2.5× for an A100, 2.9× for an H100', 'wrong']);
    assert.deepEqual(of(/^One H100 at AWS/), ['$6.90/h', '$6.88/h', 'holds']);
    assert.deepEqual(of(/^One L4 at AWS/), ['$0.80/h', '$0.80/h', 'holds']);
    assert.deepEqual(of(/ND96asr/), ['80 GB each', '40 GB each, $27.20/h together', 'wrong']);
    assert.deepEqual(of(/A100 and one L4 at Google/), ['$2.93/h and $0.56/h, of the GPU alone', '$3.67/h and $0.71/h, with the machine', 'notComparable']);
    assert.deepEqual(of(/^Several GPUs at Vast/).at(-1), 'wrong');
    assert.deepEqual(of(/^Buying an RTX 4090/), ['after 2,500 to 3,000 hours', 'after 3,380 hours with power', 'depends']);
    assert.deepEqual(of(/^Renting at night/).at(-1), 'unconfirmed');
  });
});
