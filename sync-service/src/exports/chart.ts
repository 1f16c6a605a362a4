import { readFileSync } from 'node:fs';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartDataset,
  Legend,
  LinearScale,
  Title,
} from 'chart.js';
import { usualFontFiles } from './fonts.ts';

const FAMILY = 'Noto Sans TC';
const [WIDTH, HEIGHT] = [560, 260];
const INK = '#1b1b1b';

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Title);

/** Draws waiting and overdue cases of each queue, as a PNG. */
export function drawQueueChart(
  loads: readonly { label: string; waiting: number; overdue: number }[],
): Uint8Array {
  return drawBars({
    title: '各單位待審件數',
    labels: loads.map((load) => load.label),
    stacked: true,
    datasets: [
      {
        label: '未逾期',
        data: loads.map((load) => load.waiting - load.overdue),
        backgroundColor: '#1f6f5c',
      },
      { label: '逾期', data: loads.map((load) => load.overdue), backgroundColor: '#b3261e' },
    ],
  });
}

/** What came and what was ended in each of the last weeks, as a PNG. */
export function drawTrendChart(
  weeks: readonly { label: string; arrived: number; ended: number }[],
): Uint8Array {
  return drawBars({
    title: '每週新收與結案件數',
    labels: weeks.map((week) => week.label),
    stacked: false,
    datasets: [
      { label: '新收', data: weeks.map((week) => week.arrived), backgroundColor: '#1f6f5c' },
      { label: '結案', data: weeks.map((week) => week.ended), backgroundColor: '#b35900' },
    ],
  });
}

function drawBars(bars: {
  title: string;
  labels: string[];
  stacked: boolean;
  datasets: ChartDataset<'bar', number[]>[];
}): Uint8Array {
  if (!GlobalFonts.has(FAMILY))
    for (const file of usualFontFiles('woff2')) GlobalFonts.register(readFileSync(file), FAMILY);
  // Draws at twice the size, so that the chart is sharp on a telephone.
  const canvas = createCanvas(WIDTH * 2, HEIGHT * 2);
  const font = (size: number) => ({ family: FAMILY, size });
  const chart = new Chart(canvas as unknown as HTMLCanvasElement, {
    type: 'bar',
    data: { labels: bars.labels, datasets: bars.datasets },
    options: {
      responsive: false,
      animation: false,
      devicePixelRatio: 1,
      color: INK,
      font: font(24),
      scales: {
        x: { stacked: bars.stacked, ticks: { color: INK, font: font(24) } },
        y: {
          stacked: bars.stacked,
          beginAtZero: true,
          ticks: { color: INK, precision: 0, font: font(22) },
        },
      },
      plugins: {
        title: { display: true, text: bars.title, color: INK, font: font(28) },
        legend: { labels: { color: INK, font: font(22) } },
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
  const png = canvas.toBuffer('image/png');
  chart.destroy();
  return png;
}
