import type { RefObject } from "react";
import type { Suggestion } from "./suggest";

/** What could stand where the caret is; the field keeps the focus, its `aria-activedescendant` is `id` and a number. */
export function SuggestionList({
  id,
  frame,
  options,
  active,
  label,
  onChoose,
}: {
  id: string;
  frame: RefObject<HTMLUListElement | null>;
  /** None: the list is not seen. */
  options: readonly Suggestion[];
  active: number;
  label: string;
  onChoose: (option: Suggestion) => void;
}) {
  return (
    <ul
      id={`${id}-list`}
      ref={frame}
      role="listbox"
      className="filter-list"
      hidden={options.length === 0}
      aria-label={label}
    >
      {options.map((option, index) => (
        <li
          key={option.insert}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          className={index === active ? "filter-option filter-active" : "filter-option"}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(option)}
        >
          <span className="mono cut">{option.shown}</span>
          <span className="soft cut">{option.hint}</span>
        </li>
      ))}
    </ul>
  );
}
