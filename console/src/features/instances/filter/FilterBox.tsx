import { Search as SearchIcon, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useId, useMemo, useRef, useState } from "react";
import type { Search } from "@/app/search";
import { IconButton } from "@/parts/IconButton";
import { type Aliases, readFilter } from "./filter";
import "./FilterBox.css";
import { accept, type Suggestion, suggest } from "./suggest";
import { SuggestionList } from "./SuggestionList";
import { useFilterTexts } from "./texts";
import { useDraft } from "./useDraft";
import { useSources } from "./useSources";
import { Underlay } from "./Underlay";

interface FilterBoxProps {
  search: Search;
  aliases: Aliases;
  input: RefObject<HTMLInputElement | null>;
  onQuery: (query: Search, replace: boolean) => void;
}

/** Where the caret is: in which key's values, and what stands there; for the lists that the API must be asked for. */
function useCompletion(text: string, caret: number, aliases: Aliases) {
  const [place, setPlace] = useState<{ key: string | null; typed: string }>({ key: null, typed: "" });
  const sources = useSources(aliases, place.key, place.typed);
  const found = useMemo(() => suggest(text, caret, sources), [text, caret, sources]);
  if (found.key !== place.key || found.typed !== place.typed)
    setPlace({ key: found.key, typed: found.typed });
  return found;
}

type Command = "down" | "up" | "choose" | "search" | "close" | "leave" | null;

/** What a key means in the box; null: what it means everywhere. */
function commandOf(event: KeyboardEvent, at: { shown: boolean; any: boolean; option: boolean }): Command {
  switch (event.key) {
    case "ArrowDown":
      return at.any ? "down" : null;
    case "ArrowUp":
      return at.any ? "up" : null;
    case "Tab":
      return !event.shiftKey && at.shown && at.option ? "choose" : null;
    case "Enter":
      return at.shown && at.option ? "choose" : "search";
    case "Escape":
      return at.shown ? "close" : "leave";
    default:
      return null;
  }
}

/** The one box of the list: its text is the state. */
export function FilterBox({ search, aliases, input, onQuery }: FilterBoxProps) {
  const t = useFilterTexts();
  const id = useId();
  const { text, type, flush, settle } = useDraft(search, aliases, onQuery);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const underlay = useRef<HTMLDivElement>(null);
  const listbox = useRef<HTMLUListElement>(null);
  const filter = useMemo(() => readFilter(text, aliases), [text, aliases]);
  const found = useCompletion(text, caret, aliases);
  const shown = open && found.options.length > 0;

  const follow = (): void => {
    const box = input.current;
    if (!box) return;
    setCaret(box.selectionStart ?? box.value.length);
    if (underlay.current) underlay.current.scrollLeft = box.scrollLeft;
  };
  const choose = (option: Suggestion): void => {
    const done = accept(text, found, option);
    type(done.text);
    setActive(-1);
    setOpen(true);
    setCaret(done.caret);
    requestAnimationFrame(() => input.current?.setSelectionRange(done.caret, done.caret));
    input.current?.focus();
  };
  const go = (to: number): void => {
    setOpen(true);
    setActive(to);
    listbox.current?.children[to]?.scrollIntoView({ block: "nearest" });
  };
  const leave = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const last = found.options.length - 1;
    // Tab takes the first suggestion for what was begun; Enter only one that was chosen: it means "search".
    const option =
      found.options[active] ?? (event.key === "Tab" && found.typed !== "" ? found.options[0] : undefined);
    switch (commandOf(event, { shown, any: last >= 0, option: option !== undefined })) {
      case "down":
        go(!shown || active === last ? 0 : active + 1);
        break;
      case "up":
        go(!shown || active <= 0 ? last : active - 1);
        break;
      case "choose":
        if (option) choose(option);
        break;
      case "search":
        leave();
        flush();
        break;
      case "close":
        leave();
        break;
      case "leave":
        input.current?.blur();
        break;
      case null:
        return;
    }
    event.preventDefault();
  };

  return (
    <div className="filter-box">
      <SearchIcon size={14} aria-hidden="true" className="filter-icon" />
      <div className="filter-field">
        <Underlay text={text} filter={filter} caret={open ? caret : -1} frame={underlay} />
        <input
          ref={input}
          className="filter-input"
          role="combobox"
          aria-label={t("label")}
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
          aria-invalid={filter.faulty}
          aria-describedby={filter.faulty ? "filter-faults" : undefined}
          placeholder={t("placeholder")}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            type(event.target.value, (event.nativeEvent as InputEvent).isComposing);
            setOpen(true);
            setActive(-1);
            follow();
          }}
          onCompositionEnd={(event) => type(event.currentTarget.value)}
          onSelect={follow}
          onScroll={follow}
          onClick={() => setOpen(true)}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            settle();
          }}
          onKeyDown={onKey}
        />
      </div>
      {text !== "" && (
        <IconButton
          icon={X}
          size={14}
          label={t("clear")}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => {
            type("");
            flush();
            setCaret(0);
            input.current?.focus();
          }}
        />
      )}
      <SuggestionList
        id={id}
        frame={listbox}
        options={shown ? found.options : []}
        active={active}
        label={found.key === null ? t("keys") : t("valuesOf", { key: found.key })}
        onChoose={choose}
      />
      <span role="status" className="visually-hidden">
        {shown ? t("found", { count: found.options.length }) : ""}
      </span>
    </div>
  );
}
