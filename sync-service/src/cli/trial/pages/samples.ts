export interface Sample {
  /** Its name where a page offers it. */
  key: string;
  /** Only the tour offers it. */
  tour?: boolean;
  /** The answers by question title. */
  answers: Record<string, string>;
}

const common = {
  作業平臺顯示情形: '未顯示證書',
  證書掃描檔: 'https://drive.google.com/open?id=sample',
  個人資料蒐集同意: '我已閱讀並同意',
};

/** Who is in the tour's samples. */
export const TOUR_NAME = '周導覽';

const tourTeacher = {
  ...common,
  電子郵件地址: 'tour@example.invalid',
  姓名: TOUR_NAME,
  證書類別: '進階',
  證書字號: '臺教師(三)字第1040000777號',
};

/** Synthetic entries of the tour: one that is right, one with several problems, a duplicate, an enquiry. */
export const SAMPLES: readonly Sample[] = [
  {
    key: 'right-106',
    answers: {
      ...common,
      電子郵件地址: 'right@example.invalid',
      姓名: '林示範',
      服務學校: '東區大同國小',
      證書類別: '進階',
      取得學年度: '106',
      證書字號: '臺教師(三)字第1060000001號',
    },
  },
  {
    key: 'mentor',
    answers: {
      ...common,
      電子郵件地址: 'mentor@tn.edu.tw',
      姓名: '陳教輔',
      服務學校: '114721 市立隆田國小',
      證書類別: '教學輔導教師',
      取得學年度: '民國96年10月',
      證書字號: 'NO.123',
    },
  },
  {
    key: 'problems-initial',
    answers: {
      ...common,
      電子郵件地址: 'problems@example.invalid',
      姓名: '黃問題',
      服務學校: '復興國小',
      取得學年度: '很久以前',
      證書字號: '',
      證書掃描檔: '',
    },
  },
  {
    key: 'enquiry',
    answers: {
      電子郵件地址: 'enquiry@example.invalid',
      姓名: '吳詢問',
      服務學校: '樹林國小',
      申請認證類別: '進階',
      問題說明: '105年參加之進階研習18小時查無紀錄',
      個人資料蒐集同意: '我已閱讀並同意',
    },
  },
  {
    key: 'problems',
    tour: true,
    answers: {
      ...tourTeacher,
      服務學校: '復興國小',
      取得學年度: '很久以前',
      證書掃描檔: '',
    },
  },
  {
    key: 'right',
    tour: true,
    answers: {
      ...tourTeacher,
      服務學校: '東區大同國小',
      取得學年度: '104',
    },
  },
];
