import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The browser application, from `web` to `dist/web`. Nothing is inlined, so that the pages need no exception in their content security policy. */
export default defineConfig({
  root: 'web',
  base: '/',
  plugins: [react()],
  build: { outDir: '../dist/web', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022', modulePreload: { polyfill: false } },
})
