import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import "./IconButton.css";

/** A small button that is a sign alone and takes no more room than that; where it cannot be used it is not seen. */
export function IconButton({
  label,
  icon: Icon,
  size = 13,
  danger = false,
  ...button
}: {
  /** Names it for who cannot see it, and as the hint unless there is a `title`. */
  label: string;
  icon: LucideIcon;
  size?: number;
  danger?: boolean;
} & Pick<ComponentProps<"button">, "title" | "disabled" | "onClick" | "onMouseDown">) {
  return (
    <button
      type="button"
      className={danger ? "icon-button icon-button-danger" : "icon-button"}
      aria-label={label}
      title={label}
      {...button}
    >
      <Icon size={size} aria-hidden="true" />
    </button>
  );
}
