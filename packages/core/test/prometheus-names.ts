import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";

const UNITS: Readonly<Record<string, string>> = { s: "seconds", ms: "milliseconds", By: "bytes", "1": "ratio" };

/**
 * The names and labels under which Prometheus keeps what OpenTelemetry measured, by the rules of their compatibility:
 * dots become underscores, units are appended in full, those in braces are dropped, sums that only grow end in `_total`,
 * and a histogram is a family of three.
 */
export function prometheusMetrics(
  metrics: readonly MetricData[],
): Map<string, { family: string; labels: Set<string> }> {
  const found = new Map<string, { family: string; labels: Set<string> }>();
  for (const { descriptor, dataPointType, dataPoints, ...rest } of metrics) {
    const unit = descriptor.unit.replace(/\{[^}]*\}/g, "");
    const name = [escaped(descriptor.name), ...(unit === "" ? [] : [UNITS[unit] ?? escaped(unit)])].join("_");
    const labels = new Set(dataPoints.flatMap(({ attributes }) => Object.keys(attributes).map(escaped)));
    const isTotal = dataPointType === DataPointType.SUM && "isMonotonic" in rest && rest.isMonotonic === true;
    if (dataPointType === DataPointType.HISTOGRAM) {
      found.set(`${name}_bucket`, { family: name, labels: new Set([...labels, "le"]) });
      for (const suffix of ["sum", "count"]) found.set(`${name}_${suffix}`, { family: name, labels });
      continue;
    }
    const family = isTotal ? `${name}_total` : name;
    found.set(family, { family, labels });
  }
  return found;
}

const escaped = (name: string) => name.replaceAll(/[^a-zA-Z0-9_]/g, "_");
