import { Button, type ButtonProps, Tooltip } from "antd";

/** A button that is off and says why. */
export function OffButton({ why, ...rest }: ButtonProps & { why: string }) {
  // `aria-disabled` keeps it reachable by keyboard, so that the explanation can be read.
  return (
    <Tooltip title={why} trigger={["hover", "focus"]}>
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
