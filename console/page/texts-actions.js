/** What the page says of repairs and of their record, in English. */
export const english = {
  audit: 'Actions',
  auditSaid: 'What operators did with the console and the commands, the latest first.',
  auditTrends: 'Deployments and changes of tenants are in Trends.',
  auditEmpty:
    'Nothing in the last 400 days. What you do from here, or with the commands, appears here.',
  auditOlder: 'Older',
  who: 'Who',
  what: 'What',
  became: 'Result',
  viaOf: { console: 'console', command: 'command' },
  deeds: {
    'notification.resend': 'sent again',
    'notification.cancel': 'cancelled',
    'notification.test': 'test message',
    'address.switch-off': 'address switched off',
    'address.switch-on': 'address switched on',
    'letters.redrive': 'dead letters sent back',
    'letters.purge': 'dead letters removed',
  },
  deedEnds: { begun: 'no end on record', done: 'done', failed: 'failed' },
  back: 'Back',
  onRecord: 'It is recorded with your name and the time, under “Actions”.',
  working: 'Working …',
  acts: {
    resend: {
      name: 'Send again',
      sure: 'Send this notification again?',
      will: '{channel} to {username}: the same message is queued again, with a new time to live. If the last delivery arrived after all, the person gets it twice.',
      willPlan:
        '{channel} to {username}: it has no content yet, so its event is planned again for this person, as the subscriptions say now.',
      queued: 'Queued. Refresh to see what becomes of it.',
      'to-be-planned': 'Its event is planned again. Refresh to see what becomes of it.',
    },
    cancel: {
      name: 'Cancel sending',
      sure: 'Cancel this notification?',
      will: '{channel} to {username}: it is not sent, and becomes “cancelled”. That can’t be undone. A delivery that has already begun may still arrive.',
      cancelled: 'Cancelled.',
    },
    test: {
      name: 'Send a test',
      sure: 'Send a test message?',
      will: '{username} of {tenant} gets one message by {channel} that says it is a test, now, whatever their quiet hours are. The address is the one for {type}.',
      queued: 'Queued.',
      follow: 'See what becomes of it',
    },
    'switch-off': {
      name: 'Switch off',
      sure: 'Switch this address off?',
      will: '{username} of {tenant} gets nothing more by {channel} at {address}, of any type: new notifications become “blocked”. Tenant rules that name exactly this address switch it off for everybody. What is queued already is still sent. You can switch it on again.',
      willRemove:
        '{username} of {tenant} gets nothing more by {channel} at {address}, of any type: the device is removed from the subscriptions, and only the app can register it again.',
      'switched-off': 'Switched off.',
    },
    'switch-on': {
      name: 'Switch on',
      sure: 'Switch this address on?',
      will: '{username} of {tenant} is notified by {channel} at {address} again. What was blocked meanwhile is not sent by itself.',
      'switched-on': 'Switched on.',
    },
  },
  actionErrors: {
    'not-resendable':
      'It can’t be sent again: its state does not allow it, it is being delivered, or its content is no longer kept.',
    'not-cancellable': 'It can’t be cancelled any more: it no longer waits.',
    'not-switched-off': 'It was not switched off any more: refresh.',
    'no-address': 'This person has no address for that channel.',
    'invalid-address':
      'The tenant’s rule makes an address for this person that the channel can’t use.',
    'no-such-notification': 'There is no such notification any more.',
    'no-such-tenant': 'This cell has no such tenant: choose one of its tenants, or another cell.',
    'subscription-busy': 'Somebody else is changing this person’s subscriptions: try again.',
    'no-such-table':
      'A table of the cell is missing: is the cell deployed as this version needs it?',
  },
}

/** @type {typeof english} */
export const russian = {
  audit: 'Действия',
  auditSaid: 'Что делали операторы из консоли и командами, сначала последнее.',
  auditTrends: 'Развёртывания и изменения тенантов — в «Динамике».',
  auditEmpty:
    'За последние 400 дней ничего. Здесь появится то, что вы сделаете отсюда или командами.',
  auditOlder: 'Более ранние',
  who: 'Кто',
  what: 'Что',
  became: 'Итог',
  viaOf: { console: 'консоль', command: 'команда' },
  deeds: {
    'notification.resend': 'отправлено повторно',
    'notification.cancel': 'отменено',
    'notification.test': 'тестовое сообщение',
    'address.switch-off': 'адрес отключён',
    'address.switch-on': 'адрес включён',
    'letters.redrive': 'недоставленные возвращены',
    'letters.purge': 'недоставленные удалены',
  },
  deedEnds: { begun: 'завершение не записано', done: 'выполнено', failed: 'не удалось' },
  back: 'Назад',
  onRecord: 'Действие записывается с вашим именем и временем в разделе «Действия».',
  working: 'Выполняется …',
  acts: {
    resend: {
      name: 'Отправить ещё раз',
      sure: 'Отправить это уведомление ещё раз?',
      will: '{channel} для {username}: то же сообщение снова ставится в очередь, срок его жизни начинается заново. Если прошлая доставка всё же удалась, человек получит его дважды.',
      willPlan:
        '{channel} для {username}: содержимого ещё нет, поэтому событие обрабатывается заново для этого человека, по действующим сейчас подпискам.',
      queued: 'Поставлено в очередь. Обновите, чтобы увидеть итог.',
      'to-be-planned': 'Событие обрабатывается заново. Обновите, чтобы увидеть итог.',
    },
    cancel: {
      name: 'Отменить отправку',
      sure: 'Отменить это уведомление?',
      will: '{channel} для {username}: оно не будет отправлено и получит состояние «отменено». Вернуть его нельзя. Уже начатая доставка может завершиться.',
      cancelled: 'Отменено.',
    },
    test: {
      name: 'Отправить тест',
      sure: 'Отправить тестовое сообщение?',
      will: '{username} ({tenant}) сейчас же получит по каналу {channel} одно сообщение с пометкой «проверка», даже в тихие часы. Адрес — тот, что действует для {type}.',
      queued: 'Поставлено в очередь.',
      follow: 'Посмотреть, что с ним стало',
    },
    'switch-off': {
      name: 'Отключить',
      sure: 'Отключить этот адрес?',
      will: '{username} ({tenant}) больше ничего не получит по каналу {channel} на адрес {address}, ни о каких событиях: новые уведомления будут «заблокированы». Если именно этот адрес указан в правилах тенанта, он отключается там для всех. То, что уже в очереди, будет отправлено. Адрес можно включить снова.',
      willRemove:
        '{username} ({tenant}) больше ничего не получит по каналу {channel} на адрес {address}, ни о каких событиях: устройство удаляется из подписок, и зарегистрировать его снова может только приложение.',
      'switched-off': 'Отключено.',
    },
    'switch-on': {
      name: 'Включить',
      sure: 'Включить этот адрес?',
      will: '{username} ({tenant}) снова получает уведомления по каналу {channel} на адрес {address}. Заблокированные за это время сами не отправятся.',
      'switched-on': 'Включено.',
    },
  },
  actionErrors: {
    'not-resendable':
      'Отправить ещё раз нельзя: не то состояние, идёт доставка или содержимое больше не хранится.',
    'not-cancellable': 'Отменить уже нельзя: уведомление больше не ожидает отправки.',
    'not-switched-off': 'Адрес уже не отключён: обновите.',
    'no-address': 'У этого человека нет адреса для этого канала.',
    'invalid-address': 'Правило тенанта даёт для этого человека адрес, непригодный для канала.',
    'no-such-notification': 'Такого уведомления больше нет.',
    'no-such-tenant':
      'В этой ячейке нет такого тенанта: выберите другого тенанта или другую ячейку.',
    'subscription-busy': 'Подписки этого человека сейчас меняет кто-то другой: повторите.',
    'no-such-table': 'Нет таблицы ячейки: развёрнута ли ячейка в той версии, что нужна?',
  },
}
