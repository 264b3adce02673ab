import { Input } from "antd";
import type { TextAreaProps } from "antd/es/input";
import "./GrowingText.css";

/**
 * A field of several lines that grows with its text.
 *
 * The browser does that itself (`field-sizing`): Ant Design's own way measures with an inline style, which the
 * Content-Security-Policy refuses. Where a browser cannot, the field stays as high as `rows` says.
 */
export function GrowingText({ className, ...rest }: Omit<TextAreaProps, "autoSize">) {
  return <Input.TextArea {...rest} className={className ? `growing-text ${className}` : "growing-text"} />;
}
