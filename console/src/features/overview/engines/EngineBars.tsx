import { useNavigate } from "@tanstack/react-router";
import { BarChart, type BarSeriesOption } from "echarts/charts";
import {
  GridComponent,
  type GridComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from "echarts/components";
import { type ComposeOption, type ECharts, init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { colour, useShownTheme } from "@/theme/theme";
import { sizes } from "@/theme/tokens.gen";
import { type Filter, searchOf } from "../links";

register([BarChart, GridComponent, TooltipComponent, CanvasRenderer]);

type Option = ComposeOption<BarSeriesOption | GridComponentOption | TooltipComponentOption>;

export interface EngineCount {
  name: string;
  count: number;
  percent: string;
  filter: Filter;
}

function optionOf(engines: readonly EngineCount[]): Option {
  return {
    animation: false,
    grid: { left: 0, right: 0, top: 0, bottom: 0, containLabel: false },
    // One line of the chart is one row of the table beside it.
    xAxis: { type: "value", show: false, min: 0, max: Math.max(...engines.map((one) => one.count), 1) },
    yAxis: { type: "category", show: false, inverse: true, data: engines.map((one) => one.name) },
    tooltip: {
      trigger: "item",
      // Drawn on the canvas: the names stay text, and no style is written into the page.
      renderMode: "richText",
      confine: true,
      backgroundColor: colour("raised"),
      borderColor: colour("line"),
      textStyle: { color: colour("text"), fontFamily: sizes.font, fontSize: Number.parseInt(sizes.size, 10) },
      formatter: (point) => {
        const one = engines[Array.isArray(point) ? 0 : point.dataIndex];
        return one ? `${one.name}: ${one.count} (${one.percent})` : "";
      },
    },
    series: [
      {
        type: "bar",
        data: engines.map((one) => one.count),
        barWidth: 12,
        barMinHeight: 2,
        itemStyle: { color: colour("line-strong"), borderRadius: [0, 2, 2, 0] },
        emphasis: { itemStyle: { color: colour("accent") } },
      },
    ],
  };
}

/** Engines as bars on a canvas; the table beside it says the same, so it is hidden from who reads that. */
export function EngineBars({ engines }: { engines: readonly EngineCount[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const theme = useShownTheme();
  const navigate = useNavigate();
  const latest = useRef({ engines, navigate });
  useEffect(() => {
    latest.current = { engines, navigate };
  });

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const made = init(element, null, { renderer: "canvas" });
    chart.current = made;
    made.on("click", ({ dataIndex }) => {
      const one = latest.current.engines[dataIndex];
      if (one) void latest.current.navigate({ to: "/instances", search: searchOf(one.filter) });
    });
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  const shown = JSON.stringify(engines.map(({ name, count, percent }) => [name, count, percent]));
  useEffect(() => {
    chart.current?.setOption(optionOf(latest.current.engines));
    // Numbers that stayed draw nothing anew: a tooltip that is open stays open.
  }, [shown, theme]);

  return <div ref={frame} className="engines-canvas" aria-hidden="true" />;
}
