import { defineTexts } from "@/i18n/texts";

const ZH = {
  connect: "建立连接",
  greeting: "协议握手",
  tls: "TLS 握手",
  tls_unverified: "TLS 不校验",
  tls_verify_ca: "校验签发机构",
  tls_verify_full: "校验主机名",
  client_certificate: "客户端证书",
  login: "登录",
  identify: "识别",
  replication_role: "复制角色",
  node_identity: "服务器标识",
  lineage: "同源组",
  read_only_transaction: "只读事务",
  statement_timeout: "语句超时",
  preflight: "权限预检",
};
const EN: typeof ZH = {
  connect: "connect",
  greeting: "greeting",
  tls: "TLS",
  tls_unverified: "TLS unverified",
  tls_verify_ca: "verify the authority",
  tls_verify_full: "verify the host",
  client_certificate: "client certificate",
  login: "login",
  identify: "identify",
  replication_role: "replication role",
  node_identity: "node",
  lineage: "lineage",
  read_only_transaction: "read-only transaction",
  statement_timeout: "statement timeout",
  preflight: "privileges",
};

const { useTexts } = defineTexts("about.capabilities", { zh: ZH, en: EN });

/** `capability("tls")`: in words; one without words keeps its name. */
export function useCapabilityWord(): (name: string) => string {
  const t = useTexts();
  return (name) => (name in ZH ? t(name as keyof typeof ZH) : name);
}
