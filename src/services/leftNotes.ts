/** Notes that say whether an earlier window left anything to go on with: asked at every start, before any of it is read. */
export const movesNote = 'moves';
export const copiesNote = 'copies';
