import { describe, expect, it } from "vitest";
import { inARow, labelled, withLabels } from "./sentences";

describe("sentences in a row", () => {
  it("are ended, and Chinese ones stand without a space", () => {
    expect(inARow(["没有驱动", "请安装它"], "zh")).toBe("没有驱动。请安装它");
    expect(inARow(["没有驱动。", null, "请安装它。"], "zh")).toBe("没有驱动。请安装它。");
    expect(inARow(["No driver", "Install it"], "en")).toBe("No driver. Install it");
    expect(inARow(["", "Install it"], "en")).toBe("Install it");
  });

  it("have the colon of their language", () => {
    expect(labelled("处理建议", "请检查端口", "zh")).toBe("处理建议：请检查端口");
    expect(labelled("Remedy", "Check the port", "en")).toBe("Remedy: Check the port");
  });
});

describe("the fields that a sentence names", () => {
  const naming = (shown: "zh" | "en") => ({
    isField: (name: string) => name.startsWith("tls_"),
    labelOf: (name: string) => `<${name}>`,
    shown,
  });

  it("stand with their labels", () => {
    expect(withLabels("Set tls_ca, and tls_mode to verify-full", naming("en"))).toBe(
      "Set tls_ca (<tls_ca>), and tls_mode (<tls_mode>) to verify-full",
    );
    expect(withLabels("请把 tls_mode 设为 require", naming("zh"))).toBe(
      "请把 tls_mode（<tls_mode>）设为 require",
    );
  });

  it("are no other names and no parts of names", () => {
    for (const other of [
      "edit pg_hba.conf",
      "my_tls_mode",
      "tls_mode_x.cnf",
      "MUSTER_TLS_MODE",
      "sys.tls_mode",
    ])
      expect(withLabels(other, naming("en"))).toBe(other);
  });
});
