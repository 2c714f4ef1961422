/** The look of the reference page: that of the demo page. */
export const REFERENCE_STYLE = `
:root {
  color-scheme: light dark;
  --bg: light-dark(oklch(0.978 0.003 265), oklch(0.168 0.012 268));
  --surface: light-dark(oklch(1 0 0), oklch(0.207 0.014 268));
  --sunken: light-dark(oklch(0.968 0.004 265), oklch(0.184 0.013 268));
  --line: light-dark(oklch(0.918 0.006 265), oklch(0.285 0.016 268));
  --text: light-dark(oklch(0.235 0.02 268), oklch(0.94 0.006 265));
  --soft: light-dark(oklch(0.44 0.02 268), oklch(0.76 0.014 265));
  --accent: light-dark(oklch(0.5 0.18 274), oklch(0.77 0.12 278));
  --ok: light-dark(oklch(0.5 0.12 158), oklch(0.8 0.14 160));
  --mono: ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
* { box-sizing: border-box; }
body {
  margin: 0;
  display: grid;
  grid-template-columns: 17rem minmax(0, 1fr);
  background: var(--bg);
  color: var(--text);
  font: 400 0.9375rem / 1.55 ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif;
}
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); }
nav ol { list-style: none; margin: 0; padding: 0; }
nav a { display: flex; align-items: baseline; padding: 0.3rem 0.5rem; border-radius: 6px; color: var(--soft); text-decoration: none; }
nav a:hover, nav a:focus-visible { background: var(--sunken); color: var(--text); }
.name { margin: 0 0.5rem 1rem; font-weight: 600; }
main { max-width: 56rem; padding: 1.5rem 2rem 4rem; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 0 0 0.5rem; font-size: 1.0625rem; }
h3 { margin: 1rem 0 0.25rem; font-size: 0.8125rem; color: var(--soft); }
p { margin: 0.25rem 0; }
a { color: var(--accent); }
section { margin-top: 1.25rem; padding: 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; }
code, pre { font-family: var(--mono); font-size: 0.8125rem; }
pre { margin: 0.5rem 0 0; padding: 0.75rem; overflow: auto; background: var(--sunken); border-radius: 10px; }
.method { display: inline-block; flex: none; min-width: 2.9rem; margin-right: 0.4rem; font: 600 0.6875rem var(--mono); color: var(--accent); }
.method.get { color: var(--ok); }
.access, .errors { color: var(--soft); font-size: 0.8125rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; margin: 0; }
dd { margin: 0; color: var(--soft); }
details { margin-top: 0.5rem; }
summary { cursor: pointer; color: var(--soft); font-size: 0.8125rem; }
table { width: 100%; border-collapse: collapse; font-size: 0.8125rem; }
th, td { padding: 0.35rem 0.75rem 0.35rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; }
tr:target { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 52rem) {
  body { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1.5rem 1rem 3rem; }
  dl { grid-template-columns: minmax(0, 1fr); }
  dd { margin-bottom: 0.5rem; }
  table, tbody { display: block; }
  thead { display: none; }
  tr { display: flex; flex-wrap: wrap; gap: 0 0.75rem; padding: 0.5rem 0; border-top: 1px solid var(--line); }
  td { padding: 0; border: 0; overflow-wrap: anywhere; }
  td:empty { display: none; }
  td[data-label]::before { content: attr(data-label) ' '; color: var(--soft); }
  td:last-child { flex-basis: 100%; }
}
`;
