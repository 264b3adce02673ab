import "./Command.css";
import { Copyable } from "./Copyable";
import { usePartTexts } from "./texts";

const IN_A_CLONE = "uv run --no-dev muster …";
// `make run` keeps the store of a clone there, and the command looks in the home folder.
const ON_ITS_STORE = `MUSTER_DATA_DIR=.data ${IN_A_CLONE}`;

/**
 * A command as an installed Muster takes it, to copy; what stands for `muster` in a clone beside it.
 *
 * `of` names it for who cannot see it; `onStore`: it reads the store of its machine, and not the API.
 */
export function Command({ line, of, onStore = false }: { line: string; of: string; onStore?: boolean }) {
  const t = usePartTexts();
  return (
    <span className="command">
      <Copyable value={line} of={of} />
      <span className="command-clone faint small">
        {t("inClone")} <code>{onStore ? ON_ITS_STORE : IN_A_CLONE}</code>
      </span>
    </span>
  );
}
