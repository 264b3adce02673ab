import { defineTexts } from "@/i18n/texts";

const ZH = {
  connect: "建立连接",
  greeting: "协议握手",
  tls: "TLS 握手",
  tls_unverified: "TLS 不校验证书",
  tls_verify_ca: "TLS 校验签发机构",
  tls_verify_full: "TLS 校验主机名",
  client_certificate: "TLS 客户端证书",
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
  connect: "Connect",
  greeting: "Greeting",
  tls: "TLS",
  tls_unverified: "TLS, unverified",
  tls_verify_ca: "TLS verifies the authority",
  tls_verify_full: "TLS verifies the host",
  client_certificate: "TLS client certificate",
  login: "Login",
  identify: "Identify",
  replication_role: "Replication role",
  node_identity: "Node: which server it is",
  lineage: "Lineage: family of copies",
  read_only_transaction: "Read-only transaction",
  statement_timeout: "Statement timeout",
  preflight: "Privileges",
};

const { useTexts } = defineTexts("about.capabilities", { zh: ZH, en: EN });

/** `capability("tls")`: in words; one without words keeps its name. */
export function useCapabilityWord(): (name: string) => string {
  const t = useTexts();
  return (name) => (name in ZH ? t(name as keyof typeof ZH) : name);
}
