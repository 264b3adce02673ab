import { Input } from "antd";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFormTexts } from "./formTexts";
import "./SearchBox.css";

const PAUSE_MS = 250;

interface Typed {
  text: string;
  /** What the URL said when it was looked at last. */
  of: string;
  /** What the URL was told to say, until it does. */
  sent: string | null;
}

/** Searches once the typing pauses; `label` says what is searched where that is not plain. */
export function SearchBox({
  value,
  label,
  onChange,
}: {
  value: string;
  label?: string;
  onChange: (value: string) => void;
}) {
  const t = useFormTexts();
  const name = label ?? t("search");
  const [typed, setTyped] = useState<Typed>({ text: value, of: value, sent: null });
  // What the URL says counts when it changed by other means, such as "back".
  if (typed.of !== value)
    setTyped({ text: value === typed.sent ? typed.text : value, of: value, sent: null });
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    const text = typed.text.trim();
    if (text === value) return;
    const timer = setTimeout(() => {
      setTyped((now) => ({ ...now, sent: text }));
      latest.current(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed.text, value]);
  return (
    <Input
      className="search-box"
      allowClear
      prefix={<Search size={14} aria-hidden="true" />}
      aria-label={name}
      placeholder={name}
      maxLength={200}
      value={typed.text}
      onChange={(event) => setTyped({ ...typed, text: event.target.value })}
    />
  );
}
