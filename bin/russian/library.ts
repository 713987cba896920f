/** Texts of `lib/` that the command line shows among its own: what is wrong with a value, and the parts of a cell. */
export const library = {
  'it is neither UTF-8 nor UTF-16 with a byte order mark: save it in UTF-8':
    'он не в UTF-8 и не в UTF-16 с меткой порядка байтов; сохраните его в UTF-8',
  'is not a known language tag: write ru, en or en-US':
    'это неизвестный языковой тег: пишите ru, en или en-US',
  'is not a time zone: write Europe/Moscow, Asia/Yekaterinburg or UTC':
    'это не часовой пояс: пишите Europe/Moscow, Asia/Yekaterinburg или UTC',
  'must be a name of letters, digits and underscores, and not one of JavaScript such as constructor':
    'имя состоит из латинских букв, цифр и подчёркиваний и не занято в JavaScript, как constructor',
  'is not a reminder: write "1d before due", "overdue", "2h overdue" or "4h untaken", up to 20d or 160h, with ", tell initiator" for the task\'s initiator':
    'это не напоминание: пишите "1d before due", "overdue", "2h overdue" или "4h untaken", не больше 20d или 160h, с ", tell initiator" для инициатора задачи',
  'a tenant id is not empty': 'идентификатор тенанта не может быть пустым',
  'a tenant id is not "-", which stands for no tenant':
    'идентификатор тенанта не может быть "-": так обозначается отсутствие тенанта',
  'a tenant id has at most 200 characters': 'в идентификаторе тенанта не больше 200 символов',
  'a tenant id has at most 234 bytes in UTF-8: the broker allows its exchange no longer name':
    'в идентификаторе тенанта не больше 234 байт в UTF-8: более длинного имени обменника брокер не допускает',
  'a cell name has up to 20 of a-z, 0-9 and "-", and starts with a letter':
    'имя ячейки — до 20 символов из a-z, 0-9 и "-", начинается с буквы',
  'a tenant id has no control characters': 'в идентификаторе тенанта нет управляющих символов',

  'sender of a channel': 'функция отправки канала',
  'handler of a type': 'обработчик типа',
  'notifications table': 'таблица уведомлений',
  'PutEvents calls': 'вызовы PutEvents',
  "the table's quota of writes": 'квота записи в таблицу',
} as const
