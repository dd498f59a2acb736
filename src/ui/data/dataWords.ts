import { addressOf, type DataStore, type TransferProblem, type TransferProgress, type TransferResult } from '../../domain/dataStore.ts';
import type { DataRoute } from '../../domain/project.ts';
import type { InstallProblem } from '../../services/dataTransfers.ts';
import { plain } from '../escape.ts';
import { paragraphs, type Consent } from '../rent/consent.ts';
import { fileSize } from '../sizes.ts';
import type { Voice } from '../voice.ts';
import { grouped, line, roughly } from '../words.ts';

export function storeName(kind: 'aws' | 'r2' | 'runpod' | 'other' | 'gcs' | 'b2' | 'dataset' | 'model', { t }: Voice): string {
  switch (kind) {
    case 'aws':
      return 'Amazon S3';
    case 'r2':
      return 'Cloudflare R2';
    case 'runpod':
      return t('RunPod network volume, by its S3 door');
    case 'other':
      return t('MinIO, or anything else that speaks S3');
    case 'gcs':
      return 'Google Cloud Storage';
    case 'b2':
      return 'Backblaze B2';
    case 'dataset':
      return t('A dataset at Hugging Face');
    case 'model':
      return t('A model at Hugging Face');
  }
}

/** One line for a list: what goes where. */
export function routeWords({ place, direction, folder }: DataRoute, { t }: Voice): { readonly label: string; readonly description: string } {
  const [from, to] = direction === 'pull' ? [addressOf(place), folder] : [folder, addressOf(place)];
  return { label: t('{0} to {1}', plain(from, 80), plain(to, 80)), description: endpointOf(place.store) };
}

const endpointOf = (store: DataStore): string => (store.kind === 's3' ? plain(store.endpoint ?? store.region ?? '') : '');

/** `install`: what the machine lacks, and gets first. */
export function copyConsent(route: DataRoute, machine: string, install: 'rclone' | 'huggingface_hub' | undefined, voice: Voice): Consent {
  const { t } = voice;
  const { label } = routeWords(route, voice);
  return {
    title: route.direction === 'pull' ? t('Bring data to {0}?', machine) : t('Send results from {0}?', machine),
    detail: paragraphs(
      line(label, endpointOf(route.place.store)),
      t('What is there already and differs is replaced; nothing is removed. The store or the host may charge for the traffic.'),
      t('The keys are given to that one program and written nowhere on the machine; whoever owns the host could read them all the same.'),
      install === 'rclone' && t('rclone is not on the machine. It is fetched from rclone.org first, about 30 MB, checked against the published checksum, into a folder of ours.'),
      install === 'huggingface_hub' && t('huggingface_hub is not on the machine. It is installed from PyPI first, into a folder of ours.'),
    ),
  };
}

/** `3 of 12 files · 1.2 GB of 5.0 GB · 4 m left`; less while less is known. */
export function copyProgress({ files, bytes, filesInAll, bytesInAll, leftMs }: TransferProgress, { t }: Voice): string {
  return line(
    filesInAll === undefined ? undefined : t('{0} of {1} files', grouped(files), grouped(filesInAll)),
    bytesInAll === undefined ? fileSize(bytes) : t('{0} of {1}', fileSize(bytes), fileSize(bytesInAll)),
    leftMs !== undefined && t('{0} left', roughly(leftMs, t)),
  );
}

export function copyResult({ files, bytes, same }: TransferResult, { t }: Voice): string {
  if (files === 0 && same === 0) return t('Everything was copied.');
  const copied = files === 1 ? t('1 file ({0}) was copied.', fileSize(bytes)) : t('{0} files ({1}) were copied.', grouped(files), fileSize(bytes));
  return same === 0 ? copied : `${copied} ${t('{0} were there already.', grouped(same))}`;
}

export function problemWords(problem: TransferProblem, route: DataRoute, { t }: Voice): string {
  const where = plain(addressOf(route.place), 80);
  switch (problem) {
    case 'denied':
      return t('{0} refuses these keys.', where);
    case 'notFound':
      return route.direction === 'pull' ? t('Nothing lies at {0}.', where) : t('There is nothing to send, or {0} does not exist.', where);
    case 'diskFull':
      return t('The machine’s disk is full. What was copied whole stays.');
    case 'unreachable':
      return t('The machine cannot reach {0}.', where);
    case 'noTool':
      return t('The machine lacks the program that copies there.');
    case 'other':
      return t('The copy broke off. Begun again, it goes on with what is missing.');
  }
}

export function installWords(problem: InstallProblem, { t }: Voice): string {
  switch (problem) {
    case 'noSpace':
      return t('There is no room on the machine for the program that copies.');
    case 'machine':
      return t('There is no rclone for this kind of machine.');
    case 'noFetch':
      return t('The machine has neither curl, wget nor python3 to fetch rclone with.');
    case 'noUnzip':
      return t('The machine has neither unzip, bsdtar, python3 nor busybox to unpack rclone with.');
    case 'download':
      return t('The machine could not download the program that copies.');
    case 'checksum':
      return t('What the machine downloaded is not what rclone published, so it was thrown away.');
    case 'noPython':
    case 'noPip':
      return t('The machine has no python3 with pip, which sending to Hugging Face takes.');
    case 'unknown':
      return t('The program that copies could not be installed.');
  }
}
