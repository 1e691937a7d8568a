/** The look: calm, dense, one accent. Every text colour has a contrast of 4.5 to 1 at least on the ground it stands on. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#eef0fd',
  '#dadef8',
  '#b2baf0',
  '#8793e8',
  '#6472e1',
  '#4d5edd',
  '#3b4fd8',
  '#2f40bb',
  '#2838a6',
  '#1d2c8d',
];

/** Dark grounds with a little of the same blue. */
const dark: MantineColorsTuple = [
  '#e6e8ee',
  '#c3c8d3',
  '#a4abba',
  '#6f7787',
  '#474d5a',
  '#343945',
  '#232730',
  '#16181d',
  '#111318',
  '#0c0e12',
];

export const theme = createTheme({
  primaryColor: 'ink',
  colors: { ink, dark },
  primaryShade: { light: 6, dark: 7 },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 550 } },
    Button: { defaultProps: { size: 'sm' } },
    // Its head is no banner of the page.
    ModalHeader: { defaultProps: { role: 'none' } },
    Paper: { defaultProps: { withBorder: true } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
  },
});

/** Where Mantine's own colours would be too pale to read. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1a1f36',
    '--mantine-color-dimmed': '#596075',
    '--mantine-color-placeholder': '#6b7186',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#2f40bb',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-default-border': '#dfe2ea',
    '--parley-ground': '#f6f7f9',
    '--parley-good': '#0b6b3a',
    '--parley-bad': '#b3261e',
    '--parley-warning': '#7a4b00',
    '--parley-line': '#e3e6ed',
  },
  dark: {
    '--mantine-color-text': '#e6e8ee',
    '--mantine-color-dimmed': '#a4abba',
    '--mantine-color-placeholder': '#939bab',
    '--mantine-color-error': '#ff9b92',
    '--mantine-color-anchor': '#a9b4f7',
    '--mantine-color-body': '#16181d',
    '--mantine-color-default-border': '#343945',
    '--parley-ground': '#101216',
    '--parley-good': '#6fd39a',
    '--parley-bad': '#ff9b92',
    '--parley-warning': '#ffd27a',
    '--parley-line': '#2b303a',
  },
});
