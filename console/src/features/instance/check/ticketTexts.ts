import { defineTexts } from "@/i18n/texts";

export const { text: ticketText, useTexts: useTicketTexts } = defineTexts("instance.ticket", {
  zh: {
    title: "工单文本",
    chinese: "中文",
    english: "English",
    of: "工单文本（{{language}}）",
    unknownAddress: "运行 Muster 的机器（服务器尚未告知它看到的地址）",
    unknownUser: "（未登记凭据）",
    firewall:
      "请放行到数据库 {{name}} 的网络连接：\n来源：{{from}}\n目标：{{host}}:{{port}}（TCP）\n现象：{{seen}}（{{cause}}，{{at}}）\n用途：数据库实例台账 Muster 的连接检测",
    rule: "请检查数据库 {{name}}（{{engine}}，{{host}}:{{port}}）对以下连接的访问规则和账号：\n来源：{{from}}\n账号：{{user}}\n现象：{{seen}}（{{cause}}，{{at}}）{{words}}\n用途：数据库实例台账 Muster 的连接检测",
    grant:
      "请在数据库 {{name}}（{{engine}}，{{host}}:{{port}}）上为监控账号 {{user}} 授权：\n\n{{grant}}\n\n原因：{{seen}}（{{cause}}，{{at}}）{{words}}\n用途：数据库实例台账 Muster 的采集，只读",
    server:
      "请检查数据库 {{name}}（{{engine}}，{{host}}:{{port}}）：\n现象：{{seen}}（{{cause}}，{{at}}）{{words}}\n来源：{{from}}\n账号：{{user}}\n由数据库实例台账 Muster 的连接检测发现",
    words: "\n服务器原文：{{said}}",
    noGrant: "（所需语句见该数据库的监控账号指南）",
  },
  en: {
    title: "Text of a ticket",
    chinese: "中文",
    english: "English",
    of: "Text of a ticket ({{language}})",
    unknownAddress: "the machine that runs Muster (no server has told yet which address it sees)",
    unknownUser: "(no credential is registered)",
    firewall:
      "Please let connections to the database {{name}} through:\nFrom: {{from}}\nTo: {{host}}:{{port}} (TCP)\nSeen: {{seen}} ({{cause}}, {{at}})\nFor: checks by Muster, the register of database instances",
    rule: "Please look at the access rules and the account of the database {{name}} ({{engine}}, {{host}}:{{port}}) for these connections:\nFrom: {{from}}\nAccount: {{user}}\nSeen: {{seen}} ({{cause}}, {{at}}){{words}}\nFor: checks by Muster, the register of database instances",
    grant:
      "Please grant on the database {{name}} ({{engine}}, {{host}}:{{port}}) to the monitoring account {{user}}:\n\n{{grant}}\n\nBecause: {{seen}} ({{cause}}, {{at}}){{words}}\nFor: what Muster, the register of database instances, collects; it only reads",
    server:
      "Please look at the database {{name}} ({{engine}}, {{host}}:{{port}}):\nSeen: {{seen}} ({{cause}}, {{at}}){{words}}\nFrom: {{from}}\nAccount: {{user}}\nFound by a check of Muster, the register of database instances",
    words: "\nThe server's own words: {{said}}",
    noGrant: "(the statements are in the guide to monitoring accounts of this engine)",
  },
});
