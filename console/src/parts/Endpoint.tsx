import "./Endpoint.css";
import { hostPort, hostText } from "./format";

/** Where a server is asked; where there is no room for all of it the host is cut, never the port. */
export function Endpoint({ host, port }: { host: string; port: number }) {
  return (
    <span className="endpoint mono" title={hostPort(host, port)}>
      <span className="cut">{hostText(host)}</span>
      <span>:{port}</span>
    </span>
  );
}
