/** Asked for by asking for none: Lambda takes the newest of its own stack. Any other name is that of a family of images. */
export const usualImage = 'lambda-stack';
