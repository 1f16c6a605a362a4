import { readFileSync } from 'node:fs';
import { type Canvas, createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Title } from 'chart.js';
import { allFontFiles } from './fonts.ts';

const FAMILY = 'Noto Sans TC';
const [WIDTH, HEIGHT] = [560, 260];

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Title);

/** Waiting and overdue cases of each queue, as a PNG. */
export function drawQueueChart(
  loads: readonly { label: string; waiting: number; overdue: number }[],
): Uint8Array {
  if (!GlobalFonts.has(FAMILY))
    for (const file of allFontFiles()) GlobalFonts.register(readFileSync(file), FAMILY);
  // Twice the size, so that it is sharp on a telephone.
  const canvas = createCanvas(WIDTH * 2, HEIGHT * 2);
  const chart = new Chart(canvas as unknown as HTMLCanvasElement, {
    type: 'bar',
    data: {
      labels: loads.map((load) => load.label),
      datasets: [
        {
          label: '未逾期',
          data: loads.map((load) => load.waiting - load.overdue),
          backgroundColor: '#1f6f5c',
        },
        { label: '逾期', data: loads.map((load) => load.overdue), backgroundColor: '#b3261e' },
      ],
    },
    options: {
      responsive: false,
      animation: false,
      devicePixelRatio: 1,
      font: { family: FAMILY, size: 24 },
      scales: {
        x: { stacked: true, ticks: { font: { family: FAMILY, size: 24 } } },
        y: { stacked: true, beginAtZero: true, ticks: { precision: 0, font: { family: FAMILY, size: 22 } } },
      },
      plugins: {
        title: { display: true, text: '各單位待審件數', font: { family: FAMILY, size: 28 } },
        legend: { labels: { font: { family: FAMILY, size: 22 } } },
      },
    },
    plugins: [
      {
        id: 'paper',
        beforeDraw: ({ ctx, width, height }) => {
          // A mail in dark mode must not show black words on black.
          ctx.fillStyle = '#ffffff';
          ctx.fillRect(0, 0, width, height);
        },
      },
    ],
  });
  const png = (canvas as Canvas).toBuffer('image/png');
  chart.destroy();
  return png;
}
