import type { Project } from '../domain/project.ts';
import { setupScript } from '../scripts/setupScript.ts';

/** A script for `sh` that holds nothing secret: what it needs of that kind it asks of its environment. */
export const writeSetupScript = (project: Project): string => setupScript(project);
