// Before anything is drawn: in which colours, and whether somebody has signed in here, who will see something else.
{
  const page = document.documentElement;
  const kept = localStorage.getItem('mantine-color-scheme-value');
  const isDark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  page.dataset.mantineColorScheme = isDark ? 'dark' : 'light';
  if (localStorage.getItem('parley.signed-in') !== null) page.dataset.known = '';
}
