import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import "./Copyable.css";
import { IconButton } from "./IconButton";
import { usePartTexts } from "./texts";

/** A value with a button that copies it; `of` names it for who cannot see it. */
export function Copyable({ value, of, children }: { value: string; of: string; children?: ReactNode }) {
  const t = usePartTexts();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);

  return (
    <span className="copyable">
      {children ?? <span className="mono">{value}</span>}
      <IconButton
        icon={done ? Check : Copy}
        label={`${done ? t("copied") : t("copy")}: ${of}`}
        title={done ? t("copied") : t("copy")}
        onClick={() => {
          void navigator.clipboard.writeText(value).then(() => setDone(true));
        }}
      />
      <span role="status" className="visually-hidden">
        {done ? t("copied") : ""}
      </span>
    </span>
  );
}
