import { Input } from "antd";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useBinTexts } from "./texts";

const SEARCH_MS = 200;

/** The words of the search, which reach the URL a moment after the last key. */
export function SearchBox({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const t = useBinTexts();
  const [typed, setTyped] = useState({ text: value, of: value });
  // What the URL says counts when it changed by other means, such as "back".
  if (typed.of !== value) setTyped({ text: typed.text.trim() === value ? typed.text : value, of: value });
  useEffect(() => {
    if (typed.text.trim() === value) return;
    const timer = setTimeout(() => onSearch(typed.text.trim()), SEARCH_MS);
    return () => clearTimeout(timer);
  }, [typed.text, value, onSearch]);
  return (
    <Input
      type="search"
      value={typed.text}
      aria-label={t("search")}
      placeholder={t("search")}
      prefix={<Search size={14} aria-hidden="true" />}
      onChange={(event) => setTyped({ ...typed, text: event.target.value })}
    />
  );
}
