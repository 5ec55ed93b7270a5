Attribute VB_Name = "metricsheet_functions"
' Worksheet functions made by metricsheet from metric definitions. Do not edit: make the module again.
' Needs a reference to xlwings (Tools, References), or xlwings' own modules in the same project.
Option Explicit

Public Function PROMOTERS(answers As Variant) As Variant
    PROMOTERS = MetricsheetAnswer("PROMOTERS", Array(answers))
End Function

Public Function PROMOTERS_FLAG(answers As Variant) As Variant
    PROMOTERS_FLAG = MetricsheetAnswer("PROMOTERS_FLAG", Array(answers))
End Function

Public Function PROMOTERS_N(answers As Variant) As Variant
    PROMOTERS_N = MetricsheetAnswer("PROMOTERS_N", Array(answers))
End Function

Public Function WORTH(revenue As Variant, customers As Variant) As Variant
    WORTH = MetricsheetAnswer("WORTH", Array(revenue, customers))
End Function

Public Function WORTH_FLAG(revenue As Variant, customers As Variant) As Variant
    WORTH_FLAG = MetricsheetAnswer("WORTH_FLAG", Array(revenue, customers))
End Function

Public Function WORTH_N(revenue As Variant, customers As Variant) As Variant
    WORTH_N = MetricsheetAnswer("WORTH_N", Array(revenue, customers))
End Function

Public Function COST(spend As Variant, won As Variant) As Variant
    COST = MetricsheetAnswer("COST", Array(spend, won))
End Function

Public Function COST_FLAG(spend As Variant, won As Variant) As Variant
    COST_FLAG = MetricsheetAnswer("COST_FLAG", Array(spend, won))
End Function

Public Function COST_N(spend As Variant, won As Variant) As Variant
    COST_N = MetricsheetAnswer("COST_N", Array(spend, won))
End Function

Public Function WORTH_COST_RATIO(worth As Variant, cost As Variant, Optional dates As Variant) As Variant
    WORTH_COST_RATIO = MetricsheetAnswer("WORTH_COST_RATIO", Array(worth, cost, dates))
End Function

Public Function WORTH_COST_RATIO_FLAG(worth As Variant, cost As Variant, Optional dates As Variant) As Variant
    WORTH_COST_RATIO_FLAG = MetricsheetAnswer("WORTH_COST_RATIO_FLAG", Array(worth, cost, dates))
End Function

Public Function WORTH_COST_RATIO_N(worth As Variant, cost As Variant, Optional dates As Variant) As Variant
    WORTH_COST_RATIO_N = MetricsheetAnswer("WORTH_COST_RATIO_N", Array(worth, cost, dates))
End Function

Public Function EXTRA_SHARE(extra As Variant, revenue As Variant) As Variant
    EXTRA_SHARE = MetricsheetAnswer("EXTRA_SHARE", Array(extra, revenue))
End Function

Public Function EXTRA_SHARE_FLAG(extra As Variant, revenue As Variant, Optional company_stage As Variant) As Variant
    EXTRA_SHARE_FLAG = MetricsheetAnswer("EXTRA_SHARE_FLAG", Array(extra, revenue, company_stage))
End Function

Public Function EXTRA_SHARE_N(extra As Variant, revenue As Variant) As Variant
    EXTRA_SHARE_N = MetricsheetAnswer("EXTRA_SHARE_N", Array(extra, revenue))
End Function

Public Function SIGNED_IN_PERIOD(signed As Variant, period_start As Variant, period_end As Variant) As Variant
    SIGNED_IN_PERIOD = MetricsheetAnswer("SIGNED_IN_PERIOD", Array(signed, period_start, period_end))
End Function

Public Function SIGNED_IN_PERIOD_FLAG(signed As Variant, period_start As Variant, period_end As Variant) As Variant
    SIGNED_IN_PERIOD_FLAG = MetricsheetAnswer("SIGNED_IN_PERIOD_FLAG", Array(signed, period_start, period_end))
End Function

Public Function SIGNED_IN_PERIOD_N(signed As Variant, period_start As Variant, period_end As Variant) As Variant
    SIGNED_IN_PERIOD_N = MetricsheetAnswer("SIGNED_IN_PERIOD_N", Array(signed, period_start, period_end))
End Function

Public Function NORTH_REVENUE(revenue As Variant, region As Variant) As Variant
    NORTH_REVENUE = MetricsheetAnswer("NORTH_REVENUE", Array(revenue, region))
End Function

Public Function NORTH_REVENUE_FLAG(revenue As Variant, region As Variant) As Variant
    NORTH_REVENUE_FLAG = MetricsheetAnswer("NORTH_REVENUE_FLAG", Array(revenue, region))
End Function

Public Function NORTH_REVENUE_N(revenue As Variant, region As Variant) As Variant
    NORTH_REVENUE_N = MetricsheetAnswer("NORTH_REVENUE_N", Array(revenue, region))
End Function

Public Function FLAG(metric As Variant, value As Variant, Optional setting As Variant) As Variant
    FLAG = MetricsheetAnswer("FLAG", Array(metric, value, setting))
End Function

Public Function TARGET(metric As Variant, Optional day As Variant) As Variant
    TARGET = MetricsheetAnswer("TARGET", Array(metric, day))
End Function

Public Function BENCHMARK(metric As Variant, benchmark_name As Variant) As Variant
    BENCHMARK = MetricsheetAnswer("BENCHMARK", Array(metric, benchmark_name))
End Function

Public Function METRIC_INFO(metric As Variant) As Variant
    METRIC_INFO = MetricsheetAnswer("METRIC_INFO", Array(metric))
End Function

Public Function SCORECARD(table As Variant) As Variant
    SCORECARD = MetricsheetAnswer("SCORECARD", Array(table))
End Function

Public Function WHY(metric As Variant, argument_1 As Variant, Optional argument_2 As Variant, Optional argument_3 As Variant) As Variant
    WHY = MetricsheetAnswer("WHY", Array(metric, argument_1, argument_2, argument_3))
End Function

Public Function METRICSHEET_CHECK(cells As Variant) As Variant
    METRICSHEET_CHECK = MetricsheetAnswer("METRICSHEET_CHECK", Array(cells))
End Function

' Once after importing this module: descriptions and argument help for the Insert Function dialog.
Public Sub DescribeMetricsheetFunctions()
    XLPy.Call XLPy.Module("excel_addin.vba"), "describe_functions", XLPy.Tuple(ThisWorkbook)
End Sub

Private Function MetricsheetAnswer(ByVal functionName As String, ByVal arguments As Variant) As Variant
    Dim i As Long
    On Error GoTo NoAnswer
    For i = LBound(arguments) To UBound(arguments)
        If IsObject(arguments(i)) Then
            ' Only the first area would be read: refuse rather than answer for a part of the cells.
            If arguments(i).Areas.Count > 1 Then
                MetricsheetAnswer = CVErr(2015)
                Exit Function
            End If
        End If
    Next i
    MetricsheetAnswer = MetricsheetErrors(XLPy.CallUDF("excel_addin.functions", functionName, arguments))
    Exit Function
NoAnswer:
    Debug.Print functionName & ": " & Err.Description
    MetricsheetAnswer = CVErr(2015)
End Function

Private Function MetricsheetErrors(ByVal answer As Variant) As Variant
    Dim r As Long
    Dim c As Long
    If Not IsArray(answer) Then
        MetricsheetErrors = MetricsheetError(answer)
        Exit Function
    End If
    If MetricsheetIsTable(answer) Then
        For r = LBound(answer, 1) To UBound(answer, 1)
            For c = LBound(answer, 2) To UBound(answer, 2)
                answer(r, c) = MetricsheetError(answer(r, c))
            Next c
        Next r
    Else
        For c = LBound(answer) To UBound(answer)
            answer(c) = MetricsheetError(answer(c))
        Next c
    End If
    MetricsheetErrors = answer
End Function

Private Function MetricsheetIsTable(ByRef answer As Variant) As Boolean
    Dim columnsEnd As Long
    On Error GoTo OneRow
    columnsEnd = UBound(answer, 2)
    MetricsheetIsTable = True
OneRow:
End Function

Private Function MetricsheetError(ByVal cell As Variant) As Variant
    MetricsheetError = cell
    If VarType(cell) <> vbString Then Exit Function
    Select Case cell
        Case "#NULL!": MetricsheetError = CVErr(2000)
        Case "#DIV/0!": MetricsheetError = CVErr(2007)
        Case "#VALUE!": MetricsheetError = CVErr(2015)
        Case "#REF!": MetricsheetError = CVErr(2023)
        Case "#NAME?": MetricsheetError = CVErr(2029)
        Case "#NUM!": MetricsheetError = CVErr(2036)
        Case "#N/A": MetricsheetError = CVErr(2042)
    End Select
End Function
