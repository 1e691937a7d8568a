/** The app's entry: looks for a session, then shows the address. */
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { App, ready } from './app/app.tsx';
import { newRouter } from './app/router.tsx';
import { start } from './auth/session.ts';
import { watchPrinting } from './ui/printing.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// Here the library that keeps the page from scrolling behind a dialog looks for it.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;

watchPrinting();
void start();
const router = newRouter();
// What was drawn before the script ran stays until the same can be shown by it.
await ready(router);
createRoot(document.getElementById('root')!).render(<App router={router} nonce={nonce} />);
