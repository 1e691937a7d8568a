import { startTestTables } from './tests/support/engine.ts';
import { post } from './shared/ledger/ledger.store.ts';
import { foldOf } from './shared/ledger/fold.store.ts';
import { mapConcurrent } from './shared/kernel/call.ts';
const n = Number(process.argv[2] ?? 20000);
const t = await startTestTables();
const at = Date.parse('2026-01-10T00:00:00Z');
const call = { tables: t.tables, now: at };
let s = performance.now();
await mapConcurrent(Array.from({length:n},(_, i)=>i), 32, async (i) => post({...call, now: at + i}, { event:`charge#rq_${i}`, kind:'charge', occurredAt: at+i, currency:'USD', company:`co_${String(i%500).padStart(4,'0')}`, provider:`pr_${String(i%20).padStart(4,'0')}`, facts:{company:'co_x', provider:'pr_x', queue:'cards', round:1, request:`rq_${i}`, lease:`l_${i}`, outcome:'confirmed', route:'slot', priceMicros:1200000,bidMicros:1000000,feeMicros:50000,poolMicros:150000}, legs:[{account:'1100',of:`co_${String(i%500).padStart(4,'0')}`,micros:1200000},{account:'2100',of:`pr_${String(i%20).padStart(4,'0')}`,micros:-1000000},{account:'4100',of:null,micros:-50000},{account:'2400',of:`cards-${i%7}#1`,micros:-150000}]}));
console.log('posted/s', Math.round(n/(performance.now()-s)*1000));
for (const pass of [1,2]) {
  s = performance.now();
  const later = {...call, now: at + 86400000};
  const cpu0 = process.cpuUsage(); const before = later.tables.consumed.readUnits;
  const folds = await mapConcurrent(Array.from({length:20},(_, i)=>i), 8, (i)=>foldOf(later,{side:'provider',owner:`pr_${String(i).padStart(4,'0')}`},'2026-01',false,{entries:1e9}));
  const e = folds.reduce((a,f)=>a+(f?.entries??0),0);
  console.log('cpu s', process.cpuUsage(cpu0).user/1e6); console.log('pass',pass, e, Math.round(performance.now()-s),'ms', Math.round(e/(performance.now()-s)*1000),'/s', 'RU', later.tables.consumed.readUnits-before, 'rss', Math.round(process.memoryUsage().rss/1e6));
}
await t.stop();
