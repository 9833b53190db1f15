/** How wide a text is drawn, near enough to decide whether it fits: pixels, for the pages' sans-serif. Errs on the wide side. */
const wide = /[MWmw@%–—]/
const narrow = /[iIljtfr.,:;'’!|()\s·-]/
const upper = /[A-ZÅÄÖ]/

export const textWidth = (text: string, sizePx: number): number =>
  [...text].reduce((sum, sign) => sum + (wide.test(sign) ? 0.9 : narrow.test(sign) ? 0.36 : upper.test(sign) ? 0.7 : 0.6), 0) * sizePx
