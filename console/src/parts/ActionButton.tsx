import { Button, type ButtonProps, Tooltip } from "antd";
import { type Action, useCan } from "@/session/me";
import { useActionWord } from "@/session/roles";
import { usePartTexts } from "./texts";

/** A button for what needs an action of the role; without it, it is off and says why. */
export function ActionButton({ needs, disabled, ...rest }: ButtonProps & { needs: Action }) {
  const t = usePartTexts();
  const word = useActionWord();
  const can = useCan();
  if (can(needs)) return <Button disabled={disabled} {...rest} />;
  // `aria-disabled` keeps it reachable by keyboard, so that the explanation can be read.
  return (
    <Tooltip title={t("forbidden", { action: word(needs) })} trigger={["hover", "focus"]}>
      <Button
        {...rest}
        className="action-off"
        aria-disabled="true"
        onClick={undefined}
        href={undefined}
        htmlType="button"
      />
    </Tooltip>
  );
}
