import { Button, type ButtonProps } from "antd";
import { type Action, useCan } from "@/session/me";
import { useActionWord } from "@/session/roles";
import { OffButton } from "./OffButton";
import { usePartTexts } from "./texts";

/** A button for what needs an action of the role; without it, it is off and says why. */
export function ActionButton({ needs, disabled, ...rest }: ButtonProps & { needs: Action }) {
  const t = usePartTexts();
  const word = useActionWord();
  const can = useCan();
  if (can(needs)) return <Button disabled={disabled} {...rest} />;
  return <OffButton {...rest} why={t("forbidden", { action: word(needs) })} />;
}
