/** How wide a text is drawn, near enough to decide whether it fits: pixels, for the pages' sans-serif. Errs on the wide side: as bold DejaVu Sans, the widest of the usual ones. */
const wide = /[MWmw@%–—]/
const narrow = /[iIljtfr.,:;'’!|()\s·-]/
const upper = /[A-ZÅÄÖ]/

export const textWidth = (text: string, sizePx: number): number =>
  [...text].reduce((sum, sign) => sum + (wide.test(sign) ? 1.04 : narrow.test(sign) ? 0.43 : upper.test(sign) ? 0.77 : 0.7), 0) * sizePx
