// A Vite plugin that makes the page an app that can be installed: its manifest, and its icons as SVG and PNG.

import type { Plugin } from 'vite';
import { iconSvg } from './icon/drawing.ts';
import { iconPixels } from './icon/pixels.ts';
import { pngOf } from './icon/png.ts';

/** As --background of the page's style, in light. */
const BACKGROUND = '#f3f6f7';
/** Inside the circle to which systems cut a maskable icon, four fifths of its width. */
const MASKABLE_SHARE = 0.7;

const MANIFEST = 'manifest.webmanifest';
/** Systems' own sizes; iOS takes one alone, and shows what is transparent in black. */
const PICTURES = [
  { file: 'icon-192.png', size: 192, share: 1, background: undefined },
  { file: 'icon-512.png', size: 512, share: 1, background: undefined },
  { file: 'icon-maskable-512.png', size: 512, share: MASKABLE_SHARE, background: BACKGROUND },
  { file: 'icon-touch-180.png', size: 180, share: MASKABLE_SHARE, background: BACKGROUND },
] as const;

/**
 * All addresses are below the manifest's own, wherever the page is: each ring's page is an app of its own. So there is no `id`,
 * which would be one for the whole origin; without it the start address is what tells an app from others.
 */
const WEB_APP = {
  name: 'Tabring',
  short_name: 'Tabring',
  description: 'A ring of browser tabs that keep each other’s files, without a storage server.',
  lang: 'en',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: BACKGROUND,
  // One for light and dark; where the page is open, index.html has one for each.
  theme_color: BACKGROUND,
  icons: [
    { src: './icon.svg', sizes: 'any', type: 'image/svg+xml' },
    { src: './icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: './icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: './icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  // The page worker takes it (client/src/page-worker/).
  share_target: {
    action: './share-target',
    method: 'POST',
    enctype: 'multipart/form-data',
    params: { title: 'title', text: 'text', url: 'url', files: [{ name: 'files', accept: ['*/*'] }] },
  },
} as const;

export function webApp(): Plugin {
  return {
    name: 'web-app',
    apply: 'build',
    buildStart() {
      const emit = (fileName: string, source: string | Uint8Array): void =>
        void this.emitFile({ type: 'asset', fileName, source });
      emit(MANIFEST, JSON.stringify(WEB_APP));
      emit('icon.svg', iconSvg());
      for (const { file, ...options } of PICTURES) emit(file, pngOf(iconPixels(options), options.size));
    },
    transformIndexHtml: () => [
      { tag: 'link', attrs: { rel: 'manifest', href: `./${MANIFEST}` }, injectTo: 'head' },
      { tag: 'link', attrs: { rel: 'apple-touch-icon', href: './icon-touch-180.png' }, injectTo: 'head' },
    ],
  };
}
