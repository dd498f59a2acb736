import { taskOfModel } from '../catalogue/models.ts';

/** Models of images and of speech generate as well, and are not counted in tokens of text. */
export function answersInText(name: string | undefined): boolean {
  const task = name === undefined ? undefined : taskOfModel(name);
  return task === undefined || task === 'language' || task === 'vision-language';
}
