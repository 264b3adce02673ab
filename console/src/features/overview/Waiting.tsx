import { Section } from "./Section";
import { useOverviewTexts } from "./texts";
import { usePartTexts } from "@/parts/texts";
import "./Figures.css";
import "./Waiting.css";

const lines = (howMany: number) =>
  Array.from({ length: howMany }, (_, index) => (
    <div key={index} className="waiting-line">
      <span className="skeleton" />
    </div>
  ));

/** The sheet before the first answer, as large as what comes. */
export function Waiting() {
  const t = useOverviewTexts();
  const part = usePartTexts();
  return (
    <div className="overview-sheet" aria-busy="true">
      <p className="visually-hidden" role="status">
        {part("loading")}
      </p>
      <div className="figures waiting-figures">
        <div className="figures-line">
          {Array.from({ length: 6 }, (_, index) => (
            <span key={index} className="skeleton waiting-figure" />
          ))}
        </div>
      </div>
      <div className="overview-body">
        <Section area="failures" title={t("failures")}>
          {lines(10)}
        </Section>
        <Section area="attention" title={t("attention")}>
          {lines(10)}
        </Section>
        <Section area="engines" title={t("engines")}>
          {lines(5)}
        </Section>
        <Section area="environments" title={t("environments")}>
          {lines(6)}
        </Section>
        <Section area="changes" title={t("changes")}>
          {lines(10)}
        </Section>
      </div>
    </div>
  );
}
