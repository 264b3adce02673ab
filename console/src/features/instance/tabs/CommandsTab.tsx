import type { Instance } from "@/api/types";
import { Copyable } from "@/parts/Copyable";
import { Empty } from "@/parts/Empty";
import { engineName } from "@/words/engines";
import { commandFor } from "./commands";
import "./CommandsTab.css";
import { useTabTexts } from "./texts";

/** How to log in by hand; a password stands in no command. */
export function CommandsTab({ instance }: { instance: Instance }) {
  const t = useTabTexts();
  const command = commandFor(instance);
  if (!command) return <Empty title={t("commandNone", { engine: engineName(instance.db_type) })} />;
  const label = t("commandOf", { client: command.client });
  return (
    <div className="stack-small">
      <div className="line-up">
        <h3>{command.client}</h3>
        <span className="soft">{t("commands")}</span>
        <Copyable value={command.line} of={label}>
          <span className="visually-hidden">{label}</span>
        </Copyable>
      </div>
      <pre className="commands-line" tabIndex={0} aria-label={label}>
        {command.line}
      </pre>
      <p className="small soft">
        {[
          t("commandHint"),
          command.needsCa ? t("commandCa") : null,
          instance.credential === null ? t("commandNoUser") : null,
        ]
          .filter(Boolean)
          .join(" ")}
      </p>
    </div>
  );
}
