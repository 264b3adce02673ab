import { Input } from "antd";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFormTexts } from "./formTexts";
import "./SearchBox.css";

const PAUSE_MS = 250;

/** Searches once the typing pauses. */
export function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useFormTexts();
  const [typed, setTyped] = useState(value);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => latest.current(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
    // The URL may change under the box only by the box.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return (
    <Input
      className="search-box"
      allowClear
      prefix={<Search size={14} aria-hidden="true" />}
      aria-label={t("search")}
      placeholder={t("search")}
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
