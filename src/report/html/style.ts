/** The look of the report: one sheet, light and dark, no fonts or images from elsewhere. */
export const styleSheet = `
:root { color-scheme: light dark; --ink: #1c2430; --faint: #66707f; --page: #fff; --panel: #f4f6f8; --line: #d5dae1;
  --good: #1a7f37; --bad: #c4252b; --warn: #9a6700; --fault: #d9822b; --process: #4a7fb5; --op: #6b7785; }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe5ec; --faint: #8e99a8; --page: #12161c; --panel: #1b2129;
  --line: #323b47; --good: #4cc168; --bad: #ff6b6b; --warn: #e0b03c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 24px; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 22px; } h2 { font-size: 18px; margin-top: 36px; } h3 { font-size: 16px; margin: 0 0 8px; }
pre, code { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 12px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 4px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--faint); font-weight: 600; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
article { border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px; padding: 16px; margin: 16px 0; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); } .faint { color: var(--faint); }
svg { width: 100%; height: auto; margin-top: 12px; } svg text { fill: var(--ink); font: 11px ui-monospace, monospace; }
svg .axis { fill: var(--faint); } svg .mark { fill: var(--bad); } svg .tick { stroke: var(--line); }
svg .failure { stroke: var(--bad); stroke-width: 2; } svg .fault { fill: var(--fault); } svg .process { fill: var(--process); }
svg .op { fill: var(--op); } svg .inert { fill: none; stroke: var(--fault); }
`;
