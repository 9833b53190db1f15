/** The archive comes whole: whoever reads the list opens calls by a key, and waits for no page then. */
export { ArchivePage } from './ArchivePage.tsx'
export { CallPage } from './CallPage.tsx'
