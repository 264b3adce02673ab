import { Button, InputNumber } from "antd";
import { useMemo, useState } from "react";
import { Empty } from "@/parts/Empty";
import { hostPort } from "@/parts/format";
import { useCan } from "@/session/me";
import { engineName } from "@/words/engines";
import { chooseSample, endpointOf, MOST } from "./sample";
import { useImportTexts } from "./texts";
import { tally, ToldMark, ToldWhy } from "./ToldMark";
import { checkEndpoint, useChecks } from "./useChecks";
import { setWizard, useWizard } from "./wizard";

const USUAL = 5;

/** Can some of the new ones be reached? Asked before anything is written. */
export function SampleStep() {
  const t = useImportTexts();
  const can = useCan();
  const { report } = useWizard();
  const [most, setMost] = useState(USUAL);
  const checks = useChecks();
  const sample = useMemo(() => chooseSample(report?.rows ?? [], most), [report, most]);
  const back = (
    <Button onClick={() => setWizard((before) => ({ ...before, step: "preview" }))}>{t("back")}</Button>
  );
  if (!can("check_unsaved"))
    return <Empty title={t("stepSample")} hint={t("sampleForbidden")} children={back} />;
  if (sample.length === 0) return <Empty title={t("sampleNone")} children={back} />;
  const start = (): void => {
    const endpoints = new Map(
      sample.flatMap((row) => {
        const endpoint = endpointOf(row);
        return endpoint ? [[row.row, endpoint] as const] : [];
      }),
    );
    void checks.run([...endpoints.keys()], (row, signal) => {
      const endpoint = endpoints.get(row);
      return endpoint ? checkEndpoint(endpoint, signal) : Promise.reject(new Error(`no row ${row}`));
    });
  };
  const sums = tally(checks.told.values());
  return (
    <div className="stack">
      <p className="soft import-prose">{t("sampleHint")}</p>
      <div className="line-up">
        <label htmlFor="import-sample">{t("sampleSize")}</label>
        <InputNumber
          id="import-sample"
          min={1}
          max={MOST}
          precision={0}
          value={most}
          disabled={checks.running}
          onChange={(value) => setMost(value ?? USUAL)}
        />
        {checks.running ? (
          <Button onClick={checks.stop}>{t("sampleStop")}</Button>
        ) : (
          <Button type="primary" onClick={start}>
            {t("sampleStart", { count: sample.length })}
          </Button>
        )}
        {back}
        <span role="status">
          {checks.told.size > 0 && t("sampleSummary", { ...sums, total: sample.length })}
        </span>
      </div>
      <div className="import-frame" tabIndex={0} role="region" aria-label={t("stepSample")}>
        <table className="import-table import-sample">
          <colgroup>
            <col className="import-col-row" />
            <col className="import-col-name" />
            <col className="import-col-where" />
            <col className="import-col-result" />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th scope="col" className="number">
                {t("row")}
              </th>
              <th scope="col">{t("name")}</th>
              <th scope="col">{t("endpoint")}</th>
              <th scope="col">{t("outcome")}</th>
              <th scope="col">{t("why")}</th>
            </tr>
          </thead>
          <tbody>
            {sample.map((row) => {
              const endpoint = endpointOf(row);
              const told = checks.told.get(row.row);
              return (
                <tr key={row.row}>
                  <td className="number">{row.row}</td>
                  <td className="import-name">{row.name}</td>
                  <td className="import-why">
                    {endpoint && (
                      <>
                        {engineName(endpoint.db_type)}{" "}
                        <span className="mono">{hostPort(endpoint.host, Number(endpoint.port))}</span>
                      </>
                    )}
                  </td>
                  <td>
                    {told === undefined && checks.running ? (
                      <span className="faint">{t("waiting")}</span>
                    ) : (
                      <ToldMark told={told} />
                    )}
                  </td>
                  <td className="import-why">
                    <ToldWhy told={told} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
